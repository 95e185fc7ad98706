-- postgres: a foreign key
CREATE TABLE t (a int REFERENCES u (a), b int, FOREIGN KEY (b) REFERENCES w (b));
--= references t w; references t u; columns t(a, b)
-- tsql: a foreign key that is added later
ALTER TABLE dbo.t ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES dbo.u (a);
--= references dbo.t dbo.u
-- tsql: create table
CREATE TABLE [dbo].[t] ([id] [int] IDENTITY(1,1) NOT NULL, [cid] [int] NULL CONSTRAINT fk REFERENCES [dbo].[c]([id]), x AS (id * 2) PERSISTED, CONSTRAINT [pk] PRIMARY KEY CLUSTERED ([id] ASC) WITH (PAD_INDEX = OFF) ON [PRIMARY]) ON [PRIMARY]
--= references dbo.t dbo.c; columns dbo.t(id, cid, x)
-- postgres: inherits
CREATE TABLE parent (a int, b int); CREATE TABLE child (x int) INHERITS (parent); CREATE VIEW v AS SELECT * FROM child;
--= columns parent(a, b); columns child(a, b, x); read child; write v create; child.a -> v.a identity; child.b -> v.b identity; child.x -> v.x identity
-- postgres: partition of
CREATE TABLE parent (a int, b int); CREATE TABLE p1 PARTITION OF parent FOR VALUES FROM (1) TO (10); CREATE VIEW v AS SELECT * FROM p1;
--= columns parent(a, b); columns p1(a, b); read p1; write v create; p1.a -> v.a identity; p1.b -> v.b identity
-- postgres: alter table
ALTER TABLE ONLY t ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES s.u (id);
--= references t s.u
-- postgres: create table cols
CREATE TABLE s.t (id bigserial PRIMARY KEY, a text NOT NULL DEFAULT 'x', b int REFERENCES s.u(id) ON DELETE CASCADE, g int GENERATED ALWAYS AS (a * 2) STORED, EXCLUDE USING gist (c WITH &&), UNIQUE (a));
--= references s.t s.u; columns s.t(id, a, b, g)
-- mysql: create table opts
CREATE TABLE `t` (`id` int(11) unsigned NOT NULL AUTO_INCREMENT, `c` varchar(10) COLLATE utf8mb4_bin DEFAULT NULL COMMENT 'x; y', `u` int, PRIMARY KEY (`id`), UNIQUE KEY `uk` (`c`), KEY `ix` (`u`), FULLTEXT KEY ft (c), CONSTRAINT `fk` FOREIGN KEY (`u`) REFERENCES `users` (`id`) ON DELETE CASCADE) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
--= references t users; columns t(id, c, u)
-- oracle: table opts
CREATE TABLE "S"."T" ("A" NUMBER(10,0) NOT NULL ENABLE, "B" VARCHAR2(10 BYTE), CONSTRAINT "PK" PRIMARY KEY ("A") USING INDEX PCTFREE 10 TABLESPACE "USERS" ENABLE) SEGMENT CREATION IMMEDIATE PCTFREE 10 TABLESPACE "USERS";
--= columns S.T(A, B)
-- redshift: create table encode
CREATE TABLE s.t (a int ENCODE az64 DISTKEY, b varchar(10) ENCODE lzo) DISTSTYLE KEY SORTKEY (a);
--= columns s.t(a, b)
-- sqlite: create strict
CREATE TABLE IF NOT EXISTS [t] (id INTEGER PRIMARY KEY AUTOINCREMENT, "a b" TEXT, `c` REFERENCES u(id)) STRICT, WITHOUT ROWID;
--= references t u; columns t(id, a b, c)
-- tsql: options that are on
CREATE TABLE [S].[T]([id] [int] IDENTITY(1,1) NOT NULL, [x] [nvarchar](max) NULL, CONSTRAINT [PK_T] PRIMARY KEY CLUSTERED ([id] ASC) WITH (PAD_INDEX = OFF, ALLOW_ROW_LOCKS = ON, ALLOW_PAGE_LOCKS = ON) ON [PRIMARY]) ON [PRIMARY] TEXTIMAGE_ON [PRIMARY]
--= columns S.T(id, x)
