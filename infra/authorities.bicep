metadata description = 'One deployment for several authorities: each has a resource group and everything in main.bicep of its own; network, DNS zones and workspace are shared. Deployed to the group of what is shared. The groups of the authorities are there already.'

targetScope = 'resourceGroup'

import { customerKey } from 'modules/customer-key.bicep'
import { optionalSettings } from 'modules/settings.bicep'

@description('How long an authority, as the controller of its data, keeps it: the parameters of the same names in main.bicep. In days.')
type retention = {
  @description('Days after which a run with its payloads is deleted.')
  runsRetentionDays: int
  @description('Days after which an entry of the ledger is deleted.')
  ledgerRetentionDays: int
  @description('Days after which an earlier version of a blob is deleted.')
  versionRetentionDays: int
  @description('Days for which a deleted blob can be brought back.')
  blobSoftDeleteDays: int
  @description('Days for which no version of a blob can be changed or deleted; 0 for none.')
  immutabilityDays: int
  @description('Days for which no entry of the ledger can be changed or deleted; 0 for none.')
  ledgerImmutabilityDays: int
}

@description('One authority.')
type authority = {
  @description('The three-digit code of the local authority.')
  laCode: string
  @description('Short name of its environment, in small letters and digits, at most six, such as p301. Telemetry and alerts distinguish the authorities by it.')
  environmentName: string
  @description('Its resource group, which is there, in the same subscription: everything of the authority is in it, and nothing of another.')
  resourceGroupName: string
  @description('Addresses of the subnet of its app, in CIDR, /26.')
  appSubnetPrefix: string
  @description('Addresses of the subnet of its private endpoints, in CIDR, /27.')
  endpointSubnetPrefix: string
  @description('Address of the SQL server that holds its SSD.')
  sqlServerHost: string
  @description('Resource id of that server, to make a private endpoint to it; empty where there is one.')
  sqlServerId: string
  @description('Name of the database that holds its SSD and its staging table.')
  sqlDatabaseName: string
  @description('Settings of the sender that differ from their defaults.')
  settings: optionalSettings
  @description('Client id of its app registration for sign-in; empty for none.')
  signInClientId: string
  @description('Object id of the Entra group of its analysts; empty for none.')
  analystsGroupId: string
  @description('Object id of its Entra group that may fetch payloads and results; empty for none.')
  resultsReadersGroupId: string
  @description('Id of its role that only adds to the ledger (ledger-role.bicep, deployed to its group); empty for none.')
  ledgerRoleId: string
  @description('Mail addresses that its alerts go to.')
  alertEmails: string[]
  @description('How long it keeps its data.')
  retention: retention
}

@description('The authorities.')
@minLength(1)
param authorities authority[]

@description('Azure region.')
@allowed(['uksouth', 'ukwest'])
param location string

@description('Tags on everything.')
param tags { *: string }

@description('Start of all names, in small letters and digits.')
@minLength(2)
@maxLength(8)
param namePrefix string = 'csc'

@description('Name of what is shared, as part of its names.')
param sharedName string = 'shared'

@description('Address space of the network, in CIDR.')
param virtualNetworkPrefix string

@description('DNS servers; empty for those of Azure.')
param dnsServers string[] = []

@description('Resource id of the virtual network (the hub) to peer with; empty for none.')
param hubNetworkId string = ''

@description('Whether the gateway of the hub is used.')
param useHubGateway bool = false

@description('Networks of the authorities that may reach the private endpoints, in CIDR.')
param trustedPrefixes string[] = []

@description('Whether a NAT gateway gives all that leaves one fixed address, the same for all authorities.')
param deployNatGateway bool = true

@description('Resource id of the route table that leads to the firewall; empty for none.')
param routeTableId string = ''

@description('Who writes the names of private endpoints into DNS. policy: the landing zone. existing: this deployment, into existingPrivateDnsZoneIds. create: this deployment, into zones in the group of what is shared.')
@allowed(['policy', 'existing', 'create'])
param privateDnsMode string = 'policy'

@description('Private DNS mode existing: resource ids of the zones by sub-resource: blob, queue, table, vault, sites, sqlServer.')
param existingPrivateDnsZoneIds { *: string } = {}

@description('Whether the private endpoints to SQL servers wait until the owner approves them.')
param sqlEndpointNeedsApproval bool = false

@description('Resource id of a Log Analytics workspace that is there; empty to make one for all authorities.')
param existingWorkspaceId string = ''

@description('Days for which a workspace made here keeps telemetry.')
@minValue(30)
@maxValue(730)
param workspaceRetentionDays int = 90

@description('Base address of DfE\'s receiver, without the part that names the authority.')
param dfeApiBaseUrl string

@description('DfE\'s token endpoint.')
param dfeTokenUrl string

@description('The scope of the token.')
param dfeScope string

@description('Which receiver dfeApiBaseUrl is.')
@allowed(['test', 'live'])
param dfeReceiver string

@description('When the nightly runs start: NCRONTAB with seconds, in UTC.')
param runSchedule string = '0 0 2 * * *'

@description('Redundancy of the storage accounts.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = 'Standard_ZRS'

@description('Whether plans are spread over the zones of the region.')
param zoneRedundant bool = true

@description('Whether storage and vaults are locked against deletion. Needs the right to make locks.')
param deployLocks bool = false

@description('Whether this deployment assigns the roles, in the groups of the authorities.')
param deployRoleAssignments bool = true

@description('Whether the apps use the ledger in its own container and an identity of its own for the package (main.bicep).')
param narrowRoles bool = deployRoleAssignments

@description('Object id of the service principal of the pipeline that deploys the code; empty for none.')
param pipelinePrincipalId string = ''

@description('A key of the council for storage (main.bicep); null for keys of Microsoft.')
param customerManagedKey customerKey?

@description('Address of the folder of the runbooks, without / at its end.')
param runbookBaseUrl string

// ---- What is not an authority of its own ----

func isTwice(texts string[]) bool => length(union(texts, [])) < length(texts)

// One server, however its address is written: with a protocol, with a port.
func serverOf(host string) string => toLower(split(last(split(host, ':')), ',')[0])

// What the settings of the app mean where they are left out. A profile may have another schema, and is another SSD then.
var databases = map(authorities, each => '${serverOf(each.sqlServerHost)}/${toLower(each.sqlDatabaseName)}')
var ssds = map(
  authorities,
  (each, index) =>
    '${databases[index]}/${toLower(each.settings.?SSD_SCHEMA ?? (empty(each.settings.?SSD_PROFILE ?? '') ? 'ssd_development' : 'profile ${each.settings.?SSD_PROFILE ?? ''}'))}'
)
// A table without a schema is in that of the login, which is dbo for an identity that has none of its own.
func tableOf(name string) string => contains(name, '.') ? toLower(name) : 'dbo.${toLower(name)}'
var stagingTables = map(
  authorities,
  (each, index) => '${databases[index]}/${tableOf(each.settings.?STAGING_TABLE ?? 'ssd_api_data_staging')}'
)

var objections = filter(
  [
    isTwice(map(authorities, each => each.laCode)) ? 'Two authorities have the same laCode.' : ''
    isTwice(map(authorities, each => each.environmentName))
      ? 'Two authorities have the same environmentName: we could not tell their alerts apart.'
      : ''
    isTwice(concat(map(authorities, each => toLower(each.resourceGroupName)), [toLower(resourceGroup().name)]))
      ? 'Each authority needs a resource group of its own, another one than that of what is shared.'
      : ''
    isTwice(filter(map(authorities, each => toLower(each.sqlServerId)), id => !empty(id)))
      ? 'Two authorities would have a private endpoint each to the same SQL server, and DNS knows one only: make one endpoint to it for all, and leave sqlServerId empty.'
      : ''
    isTwice(map(authorities, each => each.appSubnetPrefix)) || isTwice(map(
        authorities,
        each => each.endpointSubnetPrefix
      ))
      ? 'Two authorities have the same addresses for a subnet: each subnet needs addresses of its own.'
      : ''
    isTwice(databases) && isTwice(ssds)
      ? 'Two authorities read the same SSD: give each a database or a schema (SSD_SCHEMA) of its own.'
      : ''
    isTwice(databases) && isTwice(stagingTables)
      ? 'Two authorities have the same staging table: give each a STAGING_TABLE of its own.'
      : ''
  ],
  objection => !empty(objection)
)
var wantedTags = union({ application: 'csc-api-sender' }, tags)
var allTags = empty(objections) ? wantedTags : fail('This cannot be deployed. ${join(objections, ' ')}')

// ---- What is shared ----

var deploysWorkspace = empty(existingWorkspaceId)
var workspaceName = 'log-${namePrefix}-${sharedName}'
var workspaceId = deploysWorkspace
  ? resourceId('Microsoft.OperationalInsights/workspaces', workspaceName)
  : existingWorkspaceId
var virtualNetworkName = 'vnet-${namePrefix}-${sharedName}'
var virtualNetworkId = resourceId('Microsoft.Network/virtualNetworks', virtualNetworkName)
var dnsZoneNames = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  queue: 'privatelink.queue.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  vault: 'privatelink.vaultcore.azure.net'
  sites: 'privatelink.azurewebsites.net'
  sqlServer: 'privatelink${environment().suffixes.sqlServerHostname}'
}
var ownDnsZoneIds = mapValues(dnsZoneNames, zoneName => resourceId('Microsoft.Network/privateDnsZones', zoneName))

module workspace 'modules/workspace.bicep' = if (deploysWorkspace) {
  name: 'workspace'
  params: {
    name: workspaceName
    location: location
    tags: allTags
    retentionDays: workspaceRetentionDays
    dailyCapGb: length(authorities)
    publicIngestion: 'Enabled'
    publicQueries: 'Enabled'
  }
}

module network 'modules/network.bicep' = {
  name: 'network'
  dependsOn: [workspace]
  params: {
    location: location
    tags: allTags
    virtualNetworkName: virtualNetworkName
    addressPrefix: virtualNetworkPrefix
    dnsServers: dnsServers
    hubNetworkId: hubNetworkId
    useHubGateway: useHubGateway
    pairs: map(authorities, each => {
      appSubnetName: 'snet-${each.environmentName}-app'
      appSubnetPrefix: each.appSubnetPrefix
      appSecurityGroupName: 'nsg-${namePrefix}-${each.environmentName}-app'
      endpointSubnetName: 'snet-${each.environmentName}-endpoints'
      endpointSubnetPrefix: each.endpointSubnetPrefix
      endpointSecurityGroupName: 'nsg-${namePrefix}-${each.environmentName}-endpoints'
    })
    trustedPrefixes: trustedPrefixes
    deployNatGateway: deployNatGateway
    natGatewayName: 'ng-${namePrefix}-${sharedName}'
    egressAddressName: 'pip-${namePrefix}-${sharedName}-egress'
    routeTableId: routeTableId
    workspaceId: workspaceId
  }
}

module dnsZones 'modules/dns-zones.bicep' = if (privateDnsMode == 'create') {
  name: 'dns-zones'
  dependsOn: [network]
  params: {
    zoneNames: map(items(dnsZoneNames), zone => zone.value)
    tags: allTags
    virtualNetworkId: virtualNetworkId
  }
}

// ---- The authorities, one after the other: the network takes one change at a time ----

@batchSize(1)
module instances 'main.bicep' = [
  for each in authorities: {
    name: 'csc-${each.environmentName}'
    scope: resourceGroup(each.resourceGroupName)
    dependsOn: [workspace, network, dnsZones]
    params: {
      environmentName: each.environmentName
      location: location
      tags: tags
      namePrefix: namePrefix
      networkMode: 'existing'
      existingAppSubnetId: '${virtualNetworkId}/subnets/snet-${each.environmentName}-app'
      existingEndpointSubnetId: '${virtualNetworkId}/subnets/snet-${each.environmentName}-endpoints'
      privateDnsMode: privateDnsMode == 'policy' ? 'policy' : 'existing'
      existingPrivateDnsZoneIds: privateDnsMode == 'create' ? ownDnsZoneIds : existingPrivateDnsZoneIds
      sqlMode: 'existing'
      existingSqlServerHost: each.sqlServerHost
      existingSqlServerId: each.sqlServerId
      sqlEndpointNeedsApproval: sqlEndpointNeedsApproval
      sqlDatabaseName: each.sqlDatabaseName
      laCode: each.laCode
      dfeApiBaseUrl: dfeApiBaseUrl
      dfeTokenUrl: dfeTokenUrl
      dfeScope: dfeScope
      dfeReceiver: dfeReceiver
      runSchedule: runSchedule
      settings: each.settings
      signInClientId: each.signInClientId
      storageSku: storageSku
      zoneRedundant: zoneRedundant
      customerManagedKey: customerManagedKey
      runsRetentionDays: each.retention.runsRetentionDays
      ledgerRetentionDays: each.retention.ledgerRetentionDays
      versionRetentionDays: each.retention.versionRetentionDays
      blobSoftDeleteDays: each.retention.blobSoftDeleteDays
      immutabilityDays: each.retention.immutabilityDays
      ledgerImmutabilityDays: each.retention.ledgerImmutabilityDays
      deployLocks: deployLocks
      deployRoleAssignments: deployRoleAssignments
      narrowRoles: narrowRoles
      ledgerRoleId: each.ledgerRoleId
      analystsGroupId: each.analystsGroupId
      resultsReadersGroupId: each.resultsReadersGroupId
      pipelinePrincipalId: pipelinePrincipalId
      existingWorkspaceId: workspaceId
      alertEmails: each.alertEmails
      runbookBaseUrl: runbookBaseUrl
    }
  }
]

@description('What the next steps need, for each authority: its code, its resource group, and the names and addresses of its app, vault and identity.')
output instances instance[] = [
  for (each, index) in authorities: {
    laCode: each.laCode
    resourceGroupName: each.resourceGroupName
    functionAppName: instances[index].outputs.functionAppName
    functionAppHostName: instances[index].outputs.functionAppHostName
    keyVaultName: instances[index].outputs.keyVaultName
    identityName: instances[index].outputs.identityName
    identityClientId: instances[index].outputs.identityClientId
  }
]

@description('What was made for one authority.')
type instance = {
  @description('The three-digit code of the local authority.')
  laCode: string
  @description('Its resource group.')
  resourceGroupName: string
  @description('Name of its function app.')
  functionAppName: string
  @description('Host name of its function app.')
  functionAppHostName: string
  @description('Name of its vault.')
  keyVaultName: string
  @description('Name of its identity, which is the name of its database user.')
  identityName: string
  @description('Client id of its identity.')
  identityClientId: string
}

@description('The address DfE sees of all authorities; empty where there is none of our own.')
output egressAddress string = network.outputs.egressAddress

@description('For the owner of the hub: the network to which the other half of the peering leads; empty without hubNetworkId.')
output hubPeering string = empty(hubNetworkId) ? '' : virtualNetworkId
