metadata description = 'An evaluation with invented children, in a resource group of its own: what `azd up` and `npm run evaluate` deploy. What must never differ in an evaluation is fixed here and is not a parameter: a new database, invented children, the test receiver, no network, a nightly run that is off.'

targetScope = 'subscription'

@description('Name of the evaluation, as azd calls its environments. The resource group is named after it.')
@minLength(1)
@maxLength(64)
param evaluationName string

@description('Ten hexadecimal digits that belong to this evaluation alone. The resource group has them as a tag, by which later steps know that an evaluation made it, and the vault has them in its name: the name of a deleted vault stays taken.')
@minLength(10)
@maxLength(10)
param evaluationId string

@description('Azure region.')
@allowed(['uksouth', 'ukwest'])
param location string

@description('Object id of the person who deploys, who becomes the administrator of the new SQL server.')
@minLength(36)
@maxLength(36)
param administratorId string

@description('Sign-in name of that person.')
@minLength(1)
param administratorName string

@description('The three-digit code of the local authority.')
param laCode string

@description('Base address of a test receiver of DfE.')
param dfeApiBaseUrl string

@description('DfE\'s token endpoint, as it comes with the credentials. Nothing is sent before they are there.')
param dfeTokenUrl string

@description('The scope of the token, as it comes with the credentials.')
param dfeScope string

@description('Client id of the app registration by which people sign in to the web pages; empty while there is none.')
param signInClientId string

@description('Tags for the landing zone, in addition to those by which azd and the evaluation recognise the group: name=value, with commas between them. Empty for none.')
param tags string

var pairs = empty(tags) ? [] : split(tags, ',')
var allTags = union(toObject(pairs, pair => split(pair, '=')[0], pair => split(pair, '=')[1]), {
  'azd-env-name': evaluationName
  'csc-evaluation': evaluationId
  'csc-administrator': administratorId
})

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-csc-${evaluationName}'
  location: location
  tags: allTags
}

module csc '../main.bicep' = {
  name: 'csc-evaluation'
  scope: group
  params: {
    environmentName: 'eval'
    location: location
    tags: allTags
    keyVaultName: 'kv-csc-${evaluationId}'
    keyVaultSoftDeleteDays: 7
    networkMode: 'none'
    sqlMode: 'create'
    sqlDatabaseName: 'ssd'
    sqlAdminGroupName: administratorName
    sqlAdminGroupId: administratorId
    sqlAdminPrincipalType: 'User'
    sqlBackupRedundancy: 'Local'
    sqlDefender: false
    laCode: laCode
    dfeReceiver: 'test'
    dfeApiBaseUrl: dfeApiBaseUrl
    dfeTokenUrl: dfeTokenUrl
    dfeScope: dfeScope
    // Every nightly run would fail until DfE's credentials are there.
    nightlyPaused: true
    disabledAlerts: ['no-completed-run']
    settings: { SSD_SYNTHETIC: 'true', STAGING_TABLE: 'ssd_api_data_staging_anon' }
    signInClientId: signInClientId
    runsRetentionDays: 30
    ledgerRetentionDays: 30
    versionRetentionDays: 7
    blobSoftDeleteDays: 7
    immutabilityDays: 0
    // Alerts are raised, but an evaluation notifies no one.
    alertEmails: []
    runbookBaseUrl: 'https://dev.azure.com/council/project/_git/csc-api-sender?path=/docs/runbooks'
  }
}

@description('The resource group.')
output AZURE_RESOURCE_GROUP string = group.name

@description('Name of the function app.')
output functionAppName string = csc.outputs.functionAppName
