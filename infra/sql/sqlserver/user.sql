-- The database user of the app's identity, made without asking the directory: its SID is the client id of the identity (not
-- the object id), bytes in the order in which SQL Server keeps a GUID. `npm run grant` works it out and runs this before
-- grants.sql. By hand, `CREATE USER [name] FROM EXTERNAL PROVIDER` does the same where the server's own identity may read
-- the directory (Directory Readers).
-- Safe to run again, by an Entra login that may alter any user. Azure SQL only: a SQL Server of your own has a login of its own.
-- sqlcmd variables: AppUser, AppSid (0x and 32 hexadecimal digits).

IF EXISTS (SELECT 1 FROM sys.database_principals WHERE name = '$(AppUser)' AND sid <> $(AppSid))
THROW 50002, 'The database has a user of this name that belongs to another identity: drop it when that identity is gone, or give another name. Nothing was changed.', 1;
GO

IF DATABASE_PRINCIPAL_ID('$(AppUser)') IS NULL
CREATE USER [$(AppUser)] WITH SID = $(AppSid), TYPE = E;
GO
