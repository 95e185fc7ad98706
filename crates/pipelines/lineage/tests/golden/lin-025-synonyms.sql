-- tsql: a synonym and what reads through it
CREATE SYNONYM dbo.s FOR other.dbo.t; SELECT a INTO x FROM dbo.s;
--= create_synonym dbo.s for other.dbo.t; read other.dbo.t; write x create; other.dbo.t.a -> x.a identity
-- oracle: a synonym
CREATE OR REPLACE PUBLIC SYNONYM s FOR h.t;
--= create_synonym S for H.T
