metadata description = 'Optional: copies the SSD from a SQL Server of the council to Azure SQL every night, and starts the run at the end. Deployed on its own, next to main.bicep, where the app and the database are there: docs/ssd-copy.md.'

targetScope = 'resourceGroup'

import { columnsOfTable, sourceServer, targetDatabase } from 'modules/ssd-copy.bicep'
import { roleRow } from 'modules/roles.bicep'

@description('Short name of the environment, as main.bicep has it.')
@minLength(2)
@maxLength(6)
param environmentName string

@description('Azure region.')
@allowed(['uksouth', 'ukwest'])
param location string

@description('Tags on everything, as the landing zone asks for them.')
param tags { *: string }

@description('Start of all names, in small letters and digits.')
@minLength(2)
@maxLength(8)
param namePrefix string = 'csc'

@description('Name of the factory, unique in Azure. It is the name of its database user.')
param factoryName string = 'adf-${namePrefix}-${environmentName}-${uniqueString(resourceGroup().id)}'

@description('Name of the vault of the copy, which holds two secrets and none of DfE\'s: 3 to 24 letters, digits and hyphens, unique in Azure.')
@minLength(3)
@maxLength(24)
param keyVaultName string = take('kv-${namePrefix}c-${uniqueString(resourceGroup().id, environmentName)}', 24)

@description('Name of the self-hosted integration runtime.')
param integrationRuntimeName string = 'on-premises'

@description('Start of the names of the private endpoints.')
param endpointNamePrefix string = 'pep-${namePrefix}-${environmentName}'

@description('Whether factory and vault are reached by private endpoint only. false for an evaluation with invented children.')
param isPrivate bool = true

@description('Where isPrivate: resource id of the subnet of the private endpoints.')
param endpointSubnetId string = ''

@description('Resource ids of the private DNS zones by sub-resource, dataFactory and vault; empty where a policy writes the entries.')
param privateDnsZoneIds { *: string } = {}

@description('Days for which a deleted secret or vault can be brought back.')
@minValue(7)
@maxValue(90)
param keyVaultSoftDeleteDays int = 90

@description('Whether this deployment lets the factory read its vault. false where the pipeline may not assign roles: the output roles is then for the platform team.')
param deployRoleAssignments bool = true

@description('The profile of the app (SSD_PROFILE), which decides the tables and columns that are copied.')
param ssdProfile string

@description('Tables (ssd_sdq_scores) and columns (ssd_person.pers_legacy_id) that the source does not have.')
param leftOut string[] = []

@description('Tables and columns that are copied in addition: a list of COHORT_LIST_TABLE, the column of WORKER_REGISTRATION_COLUMN.')
param further columnsOfTable[] = []

@description('The SQL Server that the SSD is copied from.')
param source sourceServer

@description('The Azure SQL database that the app reads.')
param target targetDatabase

@description('Host name of the function app: output functionAppHostName of main.bicep.')
param appHostName string

@description('Client id of the app registration by which people and programs sign in: signInClientId of main.bicep.')
param signInClientId string

@description('When the copy starts each day, as hour and minute in London: after the source has been built, and after midnight.')
param startsAt { hour: int, minute: int } = { hour: 0, minute: 30 }

@description('Resource id of the Log Analytics workspace: output workspaceId of main.bicep.')
param workspaceId string

@description('Today, from which the trigger counts when it is first made. Not for a council to set.')
param today string = utcNow('yyyy-MM-dd')

// Written by `npm run docs` from the profiles: a test fails where they differ.
var tablesByProfile = loadJsonContent('modules/ssd-copy-tables.json')
var isKnown = contains(tablesByProfile, ssdProfile)

func withFurther(table columnsOfTable, further columnsOfTable[]) columnsOfTable => {
  name: table.name
  columns: union(table.columns, flatten(map(filter(further, more => more.name == table.name), more => more.columns)))
}
func without(table columnsOfTable, leftOut string[]) columnsOfTable => {
  name: table.name
  columns: filter(table.columns, column => !contains(leftOut, '${table.name}.${column}'))
}

var wanted = isKnown ? tablesByProfile[ssdProfile] : tablesByProfile.systemc
var others = filter(further, more => !contains(map(wanted, table => table.name), more.name))
var tables = map(
  filter(concat(map(wanted, table => withFurther(table, further)), others), table => !contains(leftOut, table.name)),
  table => without(table, leftOut)
)

var objections = filter(
  [
    isKnown
      ? ''
      : 'ssdProfile ${ssdProfile} is not in infra/modules/ssd-copy-tables.json: check the name, or run npm run docs when the profile is new.'
    isPrivate && empty(endpointSubnetId)
      ? 'isPrivate needs endpointSubnetId: the resource id of the subnet of the private endpoints.'
      : ''
    toLower(target.schema) == toLower(target.incomingSchema)
      ? 'target.schema and target.incomingSchema have to be two schemas: the copy may not write over the SSD table by table.'
      : ''
    empty(signInClientId)
      ? 'signInClientId is empty: the call that starts the run needs the app registration (docs/deploy.md, Sign-in with Entra ID).'
      : ''
  ],
  objection => !empty(objection)
)
var wantedTags = union({ application: 'csc-api-sender', environment: environmentName }, tags)
// Everything has tags, so that nothing is made while there is an objection.
var allTags = empty(objections) ? wantedTags : fail('This cannot be deployed. ${join(objections, ' ')}')

var vaultReaderRoleId = '4633458b-17de-408a-b874-0445c86b69e6'

module vault 'modules/key-vault.bicep' = {
  name: 'ssd-copy-vault'
  params: {
    name: keyVaultName
    location: location
    tags: allTags
    softDeleteDays: keyVaultSoftDeleteDays
    isPrivate: isPrivate
    lockAgainstDeletion: false
    workspaceId: workspaceId
  }
}

module copy 'modules/ssd-copy.bicep' = {
  name: 'ssd-copy'
  dependsOn: [vault]
  params: {
    factoryName: factoryName
    integrationRuntimeName: integrationRuntimeName
    location: location
    tags: allTags
    keyVaultName: keyVaultName
    isPrivate: isPrivate
    tables: tables
    neverEmpty: map(filter(wanted, table => table.neverEmpty), table => table.name)
    source: source
    target: target
    appHostName: appHostName
    appAudience: 'api://${signInClientId}'
    startsAt: startsAt
    startDate: today
    deployRoleAssignments: deployRoleAssignments
    vaultReaderRoleId: vaultReaderRoleId
    workspaceId: workspaceId
  }
}

var factoryId = resourceId('Microsoft.DataFactory/factories', factoryName)
var keyVaultId = resourceId('Microsoft.KeyVault/vaults', keyVaultName)

module endpoints 'modules/private-endpoints.bicep' = if (isPrivate) {
  name: 'ssd-copy-endpoints'
  dependsOn: [copy]
  params: {
    endpoints: [
      { name: '${endpointNamePrefix}-copy-factory', targetId: factoryId, group: 'dataFactory', needsApproval: false }
      { name: '${endpointNamePrefix}-copy-vault', targetId: keyVaultId, group: 'vault', needsApproval: false }
    ]
    location: location
    tags: allTags
    subnetId: endpointSubnetId
    zoneIds: privateDnsZoneIds
  }
}

@description('Name of the factory, which is the name of its database user.')
output factoryName string = factoryName

@description('Object id of the identity of the factory, which gets the app role ssd-refresh.')
output factoryPrincipalId string = copy.outputs.principalId

@description('Name of the vault of the copy, for its two secrets.')
output keyVaultName string = keyVaultName

@description('The only role in Azure that the copy needs, and whether this deployment has assigned it.')
output roles roleRow[] = [
  {
    role: 'Key Vault Secrets User'
    roleId: vaultReaderRoleId
    principalId: copy.outputs.principalId
    principalType: 'ServicePrincipal'
    scope: keyVaultId
    condition: ''
    assigned: deployRoleAssignments
  }
]
