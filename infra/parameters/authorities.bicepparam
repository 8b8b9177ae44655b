// Two authorities of a trust or a shared service, each in a resource group of its own, on one network and one workspace.
// What is 00000000-... or says to-be-set is for the council to fill in.
using '../authorities.bicep'

param location = 'uksouth'
param tags = { owner: 'children-services', costCentre: 'to-be-set', dataClassification: 'OFFICIAL-SENSITIVE' }

param virtualNetworkPrefix = '10.80.8.0/23'
// The networks of the pipeline's agents and of the authorities.
param trustedPrefixes = ['10.20.0.0/24']
param privateDnsMode = 'create'

param dfeReceiver = 'live'
param dfeApiBaseUrl = 'https://pp-api.education.gov.uk/children-in-social-care-data-receiver/1'
param dfeTokenUrl = 'https://login.microsoftonline.com/the-tenant-dfe-gives/oauth2/v2.0/token'
param dfeScope = 'api://the-app-dfe-gives/.default'

param runbookBaseUrl = 'https://dev.azure.com/council/project/_git/csc-api-sender?path=/docs/runbooks'

// Examples, not advice: each authority is the controller of its data and decides how long it is kept.
var exampleRetention = {
  runsRetentionDays: 90
  ledgerRetentionDays: 365
  versionRetentionDays: 30
  blobSoftDeleteDays: 30
  immutabilityDays: 14
  ledgerImmutabilityDays: 180
}

param authorities = [
  {
    laCode: '998'
    environmentName: 'p998'
    resourceGroupName: 'rg-csc-998'
    appSubnetPrefix: '10.80.8.0/26'
    endpointSubnetPrefix: '10.80.8.64/27'
    sqlServerHost: 'to-be-set-998.database.windows.net'
    sqlServerId: '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/to-be-set/providers/Microsoft.Sql/servers/to-be-set-998'
    sqlDatabaseName: 'ssd998'
    // Until this line goes, nobody is sent who is not in that table (docs/onboarding.md, phase 5).
    settings: { COHORT_ALLOW_LIST_TABLE: 'csc_first_children' }
    signInClientId: ''
    analystsGroupId: '00000000-0000-0000-0000-000000000998'
    resultsReadersGroupId: ''
    ledgerRoleId: ''
    alertEmails: ['children-data@first.example']
    retention: exampleRetention
  }
  {
    laCode: '999'
    environmentName: 'p999'
    resourceGroupName: 'rg-csc-999'
    appSubnetPrefix: '10.80.8.128/26'
    endpointSubnetPrefix: '10.80.8.192/27'
    sqlServerHost: 'to-be-set-999.database.windows.net'
    sqlServerId: '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/to-be-set/providers/Microsoft.Sql/servers/to-be-set-999'
    sqlDatabaseName: 'ssd999'
    settings: { COHORT_ALLOW_LIST_TABLE: 'csc_first_children' }
    signInClientId: ''
    analystsGroupId: '00000000-0000-0000-0000-000000000999'
    resultsReadersGroupId: ''
    ledgerRoleId: ''
    alertEmails: ['children-data@second.example']
    retention: exampleRetention
  }
]
