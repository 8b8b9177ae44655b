// The test environment: a network, DNS zones and a workspace of its own, private as production is, in a subscription
// without a hub: the agents' network is peered with it (docs/pipeline.md, step 6). DfE's test receiver; children go there under pseudonyms.
using '../main.bicep'

param environmentName = 'test'
param location = 'uksouth'
param tags = { owner: 'children-services', costCentre: 'to-be-set' }

param networkMode = 'create'
param virtualNetworkPrefix = '10.80.1.0/24'
param appSubnetPrefix = '10.80.1.0/26'
param endpointSubnetPrefix = '10.80.1.64/27'
// The network of the pipeline's agents, at least: it deploys the code by the private endpoint.
param trustedPrefixes = ['10.20.0.0/24']
param privateDnsMode = 'create'

param sqlMode = 'create'
param sqlDatabaseName = 'ssd'
param sqlAdminGroupName = 'SSD database administrators'
param sqlAdminGroupId = '00000000-0000-0000-0000-000000000000'

param laCode = '999'
param dfeReceiver = 'test'
param dfeApiBaseUrl = 'https://pp-api.education.gov.uk/children-in-social-care-data-receiver-test/1'
param dfeTokenUrl = 'https://login.microsoftonline.com/the-tenant-dfe-gives/oauth2/v2.0/token'
param dfeScope = 'api://the-app-dfe-gives/.default'
param settings = {
  // What the signed data-sharing agreement says: docs/agreement.md. Without it no child is sent.
  AGREEMENT_REFERENCE: ''
  AGREEMENT_DATE: ''
  AGREEMENT_CATEGORIES: ''
  AGREEMENT_WINDOW_MONTHS: ''
  AGREEMENT_RECEIVERS: ''
  STAGING_TABLE: 'ssd_api_data_staging_anon'
}
// The pipeline asks for DfE's credentials before the code, so that the next nightly run would send pseudonymised records
// of real children. docs/deploy.md, When the nightly run begins to send, says when this line may go.
param nightlyPaused = true

// Without it nobody can open the web pages: docs/deploy.md, Sign-in with Entra ID.
param signInClientId = ''

// The controller decides how long things are kept; these are short because nothing here is the record of a disclosure.
param runsRetentionDays = 90
param ledgerRetentionDays = 90
param versionRetentionDays = 14
param blobSoftDeleteDays = 14
param immutabilityDays = 0

param analystsGroupId = '00000000-0000-0000-0000-000000000000'
param pipelinePrincipalId = '00000000-0000-0000-0000-000000000000'

param alertEmails = ['children-data@council.example']
param runbookBaseUrl = 'https://dev.azure.com/council/project/_git/csc-api-sender?path=/docs/runbooks'
param budgetAmount = 150
