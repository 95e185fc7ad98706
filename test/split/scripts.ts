const header = (type: string, name: string): string => `/****** Object:  ${type} ${name}    Script Date: 3/4/2025 10:11:12 AM ******/`;

/** A script as SQL Server writes them: every kind of object, and headers where nothing may be cut. */
export const SCRIPT = `USE [Shop]
GO
${header('Schema', '[sales]')}
CREATE SCHEMA [sales]
GO
${header('UserDefinedType', '[dbo].[Money2]')}
CREATE TYPE [dbo].[Money2] FROM [decimal](12, 2) NOT NULL
GO
${header('Table', '[sales].[Order Lines]')}
SET ANSI_NULLS ON
GO
SET QUOTED_IDENTIFIER ON
GO
CREATE TABLE [sales].[Order Lines](
	[Id] [int] IDENTITY(1,1) NOT NULL,
	[OrderId] [int] NOT NULL,
	[Price] [decimal](12, 2) NULL,
 CONSTRAINT [PK_Lines] PRIMARY KEY CLUSTERED ([Id] ASC)
) ON [PRIMARY]
GO
${header('Table', '[dbo].[Orders]')}
CREATE TABLE [dbo].[Orders]([Id] [int] NOT NULL, [At] [datetime] NULL, [Note] [nvarchar](100) NULL)
GO
${header('View', '[dbo].[Totals]')}
CREATE VIEW [dbo].[Totals] AS
SELECT [OrderId], SUM([Price]) AS [Total], COUNT_BIG(*) AS [N] FROM [sales].[Order Lines] GROUP BY [OrderId]
GO
${header('StoredProcedure', '[Shop].[dbo].[Fill]')}
CREATE PROCEDURE [dbo].[Fill] @text nvarchar(max) = N'
${header('Table', '[dbo].[InAString]')}
' AS
BEGIN
  /* what was here
  ${header('Table', '[dbo].[InAComment]')}
  */
  IF 1 = 1
  BEGIN
${header('Table', '[dbo].[InABlock]')}
    INSERT INTO [dbo].[Orders] ([Id]) SELECT [OrderId] FROM [sales].[Order Lines];
  END
END
GO
${header('UserDefinedFunction', '[dbo].[Twice]')}
CREATE FUNCTION [dbo].[Twice](@n int) RETURNS int AS
BEGIN
  RETURN CASE WHEN @n IS NULL THEN 0 ELSE @n * 2 END
END
GO
${header('Index', '[IX_Lines]')}
CREATE NONCLUSTERED INDEX [IX_Lines] ON [sales].[Order Lines] ([OrderId] ASC)
GO
${header('Index', '[IX_Totals]')}
CREATE UNIQUE CLUSTERED INDEX [IX_Totals] ON [dbo].[Totals] ([OrderId] ASC)
GO
${header('Default', '[DF_Orders_At]')}
ALTER TABLE [dbo].[Orders] ADD CONSTRAINT [DF_Orders_At] DEFAULT (getdate()) FOR [At]
GO
${header('Check', '[CK_Orders]')}
ALTER TABLE [dbo].[Orders] WITH CHECK ADD CONSTRAINT [CK_Orders] CHECK (([Id]>(0)))
GO
${header('ForeignKey', '[FK_Lines_Orders]')}
ALTER TABLE [Order Lines] WITH CHECK ADD CONSTRAINT [FK_Lines_Orders] FOREIGN KEY([OrderId]) REFERENCES [dbo].[Orders] ([Id])
GO
${header('Primary_Key', '[PK_Orders]')}
ALTER TABLE [dbo].[Orders] ADD CONSTRAINT [PK_Orders] PRIMARY KEY CLUSTERED ([Id] ASC)
GO
${header('Trigger', '[dbo].[OnOrder]')}
CREATE TRIGGER [dbo].[OnOrder] ON [dbo].[Orders] AFTER INSERT AS
BEGIN
  INSERT INTO [dbo].[Log] ([Id]) SELECT [Id] FROM inserted;
END
GO
${header('Table', '[dbo].[orders]')}
CREATE TABLE [dbo].[orders]([Id] [int] NOT NULL)
GO
`.replaceAll('\n', '\r\n');

/** A script without headers. */
export const PLAIN = `-- Made up.
SET ANSI_NULLS ON
GO
CREATE TABLE dbo.Orders (Id int, Total decimal(12, 2));
CREATE TABLE sales.Lines (Id int, OrderId int);
CREATE INDEX IX_Lines ON sales.Lines (OrderId);
GO
SET QUOTED_IDENTIFIER ON
GO
-- Fills orders.
CREATE OR ALTER PROC dbo.Fill AS
  CREATE TABLE #work (Id int);
  INSERT INTO dbo.Orders (Id) SELECT Id FROM #work;
GO
CREATE VIEW dbo.Totals AS SELECT Id, Total FROM dbo.Orders
GO
CREATE FUNCTION dbo.One() RETURNS int AS BEGIN RETURN 1 END
GO
CREATE TRIGGER dbo.OnOrder ON dbo.Orders AFTER INSERT AS
  UPDATE dbo.Orders SET Total = 0 WHERE Id IN (SELECT Id FROM inserted)
GO
DROP TABLE IF EXISTS dbo.Orders
GO
CREATE TABLE dbo.Orders (Id int)
GO
`;
