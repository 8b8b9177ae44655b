// An evaluation with synthetic children: no network, public addresses behind Entra ID, everything new. Nothing about a
// real child may come here.
using '../main.bicep'

param environmentName = 'eval'
param location = 'uksouth'
param tags = { owner: 'children-services', costCentre: 'to-be-set' }

param networkMode = 'none'

param sqlMode = 'create'
param sqlDatabaseName = 'ssd'
param sqlAdminGroupName = 'SSD database administrators'
param sqlAdminGroupId = '00000000-0000-0000-0000-000000000000'
param sqlBackupRedundancy = 'Local'
param sqlDefender = false

param laCode = '999'
param dfeReceiver = 'test'
param dfeApiBaseUrl = 'https://pp-api.education.gov.uk/children-in-social-care-data-receiver-test/1'
param dfeTokenUrl = 'https://login.microsoftonline.com/the-tenant-dfe-gives/oauth2/v2.0/token'
param dfeScope = 'api://the-app-dfe-gives/.default'
param settings = { SSD_SYNTHETIC: 'true', STAGING_TABLE: 'ssd_api_data_staging_anon' }

// Without it nobody can open the web pages: docs/deploy.md, Sign-in with Entra ID.
param signInClientId = ''

param runsRetentionDays = 30
param ledgerRetentionDays = 30
param versionRetentionDays = 7
param blobSoftDeleteDays = 7
param immutabilityDays = 0

param alertEmails = ['children-data@council.example']
param runbookBaseUrl = 'https://dev.azure.com/council/project/_git/csc-api-sender?path=/docs/runbooks'
