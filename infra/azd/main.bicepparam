// Nothing is filled in here: azd gives what it has asked for, `npm run evaluate` what it was told, and the first step of
// both adds who deploys and the id of the evaluation. `azd env set NAME VALUE` changes what has a default.
using 'main.bicep'

param evaluationName = readEnvironmentVariable('AZURE_ENV_NAME', 'eval')
// azd compiles once before the first step of ours has run, and again after it. With these defaults nothing could be
// deployed: no SQL server takes that administrator.
param evaluationId = readEnvironmentVariable('CSC_EVALUATION_ID', '0000000000')
param administratorId = readEnvironmentVariable('CSC_ADMINISTRATOR_ID', '00000000-0000-0000-0000-000000000000')
param administratorName = readEnvironmentVariable('CSC_ADMINISTRATOR_NAME', 'nobody')
param location = readEnvironmentVariable('AZURE_LOCATION', 'uksouth')

param laCode = readEnvironmentVariable('CSC_LA_CODE', '999')
param dfeApiBaseUrl = readEnvironmentVariable(
  'CSC_DFE_API_BASE_URL',
  'https://pp-api.education.gov.uk/children-in-social-care-data-receiver-test/1'
)
param dfeTokenUrl = readEnvironmentVariable(
  'CSC_DFE_TOKEN_URL',
  'https://login.microsoftonline.com/the-tenant-dfe-gives/oauth2/v2.0/token'
)
param dfeScope = readEnvironmentVariable('CSC_DFE_SCOPE', 'api://the-app-dfe-gives/.default')
param signInClientId = readEnvironmentVariable('CSC_SIGN_IN_CLIENT_ID', '')
param tags = json(readEnvironmentVariable('CSC_TAGS', '{}'))
