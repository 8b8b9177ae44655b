metadata description = 'csc-api-sender: everything in one resource group. docs/settings.md explains the settings of the app; infra/parameters/ has a file for each kind of environment.'

targetScope = 'resourceGroup'

import { roleRow } from 'modules/roles.bicep'
import { customerKey } from 'modules/customer-key.bicep'
import { optionalSettings } from 'modules/settings.bicep'

// ---- What, where, under which names ----

@description('Short name of the environment, in small letters and digits, as part of names, tags and telemetry: prod, test.')
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

@description('Name of the user-assigned identity of the app.')
param identityName string = 'id-${namePrefix}-${environmentName}'

@description('Name of the user-assigned identity by which the platform stores and fetches the package of the app.')
param packageIdentityName string = '${identityName}-package'

@description('Name of the function app; part of its address, so unique in Azure.')
param functionAppName string = 'func-${namePrefix}-${environmentName}-${uniqueString(resourceGroup().id)}'

@description('Name of the Flex Consumption plan.')
param planName string = 'plan-${namePrefix}-${environmentName}'

@description('Name of the storage account of the Functions host: 3 to 24 small letters and digits, unique in Azure.')
@minLength(3)
@maxLength(24)
param hostStorageName string = take('st${namePrefix}h${uniqueString(resourceGroup().id, environmentName)}', 24)

@description('Name of the storage account of runs, results and the ledger: 3 to 24 small letters and digits, unique in Azure.')
@minLength(3)
@maxLength(24)
param resultsStorageName string = take('st${namePrefix}r${uniqueString(resourceGroup().id, environmentName)}', 24)

@description('Name of the Key Vault: 3 to 24 letters, digits and hyphens, unique in Azure.')
@minLength(3)
@maxLength(24)
param keyVaultName string = take('kv-${namePrefix}-${uniqueString(resourceGroup().id, environmentName)}', 24)

@description('Name of the Application Insights component.')
param componentName string = 'appi-${namePrefix}-${environmentName}'

@description('Name of the Log Analytics workspace, where one is made.')
param workspaceName string = 'log-${namePrefix}-${environmentName}'

@description('Name of the query pack.')
param queryPackName string = 'pack-${namePrefix}-${environmentName}'

@description('Name of the workbook, as people see it.')
param workbookTitle string = 'CSC API runs (${environmentName})'

@description('Name of the action group, where one is made.')
param actionGroupName string = 'ag-${namePrefix}-${environmentName}'

@description('Start of the names of the alerts.')
param alertNamePrefix string = 'alert-${namePrefix}-${environmentName}'

@description('Name of the budget.')
param budgetName string = 'budget-${namePrefix}-${environmentName}'

// ---- Network ----

@description('none: public addresses and no network, for an evaluation with synthetic children. create: a virtual network of its own. existing: subnets that the platform team gives.')
@allowed(['none', 'create', 'existing'])
param networkMode string

@description('Network mode existing: resource id of a subnet for this app alone, delegated to Microsoft.App/environments, without underscore in its name, /26.')
param existingAppSubnetId string = ''

@description('Network mode existing: resource id of the subnet for private endpoints, another one than that of the app.')
param existingEndpointSubnetId string = ''

@description('Network mode create: name of the virtual network.')
param virtualNetworkName string = 'vnet-${namePrefix}-${environmentName}'

@description('Network mode create: address space, in CIDR.')
param virtualNetworkPrefix string = '10.80.0.0/24'

@description('Network mode create: DNS servers; empty for those of Azure. With privateDnsMode policy the addresses of the resolver in the hub, which knows the private zones.')
param dnsServers string[] = []

@description('Network mode create: resource id of the virtual network (the hub) to peer with, so that agents and people of the council reach the private endpoints. Its owner makes the other half (output hubPeering). Empty for none, or where the platform team peers both halves.')
param hubNetworkId string = ''

@description('Network mode create: whether the hub has a gateway (VPN, ExpressRoute) that this network uses. Only once the hub has made its half of the peering.')
param useHubGateway bool = false

@description('Network mode create: name of the subnet of the app. No underscore.')
param appSubnetName string = 'snet-app'

@description('Network mode create: addresses of the subnet of the app, in CIDR.')
param appSubnetPrefix string = '10.80.0.0/26'

@description('Network mode create: name of the subnet of the private endpoints.')
param endpointSubnetName string = 'snet-endpoints'

@description('Network mode create: addresses of the subnet of the private endpoints, in CIDR.')
param endpointSubnetPrefix string = '10.80.0.64/27'

@description('Network mode create: networks of the council that may reach the private endpoints (agents, analysts, the DBA), in CIDR.')
param trustedPrefixes string[] = []

@description('Network mode create: name of the network security group of the app.')
param appSecurityGroupName string = 'nsg-${namePrefix}-${environmentName}-app'

@description('Network mode create: name of the network security group of the private endpoints.')
param endpointSecurityGroupName string = 'nsg-${namePrefix}-${environmentName}-endpoints'

@description('Network mode create: whether a NAT gateway gives all that leaves one fixed address. false where the council\'s firewall does (routeTableId).')
param deployNatGateway bool = true

@description('Network mode create: name of the NAT gateway.')
param natGatewayName string = 'ng-${namePrefix}-${environmentName}'

@description('Network mode create: name of the public address that DfE sees.')
param egressAddressName string = 'pip-${namePrefix}-${environmentName}-egress'

@description('Network mode create: resource id of the route table that leads to the council\'s firewall; empty for none.')
param routeTableId string = ''

@description('Start of the names of the private endpoints.')
param endpointNamePrefix string = 'pep-${namePrefix}-${environmentName}'

@description('Who writes the names of private endpoints into DNS. policy: the landing zone itself. existing: this deployment, into existingPrivateDnsZoneIds. create: this deployment, into zones of its own.')
@allowed(['policy', 'existing', 'create'])
param privateDnsMode string = 'policy'

@description('Private DNS mode existing: resource ids of the zones by sub-resource: blob, queue, table, vault, sites, sqlServer.')
param existingPrivateDnsZoneIds { *: string } = {}

// ---- Database ----

@description('existing: an Azure SQL server that holds the SSD already, or any database by ssdConnectionString. create: a new Azure SQL server that knows Entra ID only.')
@allowed(['existing', 'create'])
param sqlMode string

@description('SQL mode create: name of the server, unique in Azure.')
param sqlServerName string = 'sql-${namePrefix}-${environmentName}-${uniqueString(resourceGroup().id)}'

@description('SQL mode existing: address of the server, such as council.database.windows.net.')
param existingSqlServerHost string = ''

@description('SQL mode existing: resource id of the server, to make a private endpoint to it; empty where there is one, or no network.')
param existingSqlServerId string = ''

@description('SQL mode existing: whether the private endpoint waits until the owner of the server approves it. false where the deployer may approve it.')
param sqlEndpointNeedsApproval bool = false

@description('Name of the database that holds the SSD and the staging table.')
param sqlDatabaseName string = ''

@description('SQL mode create: name of the Entra group, or of the person, that administers the server.')
param sqlAdminGroupName string = ''

@description('SQL mode create: object id of that group or person.')
param sqlAdminGroupId string = ''

@description('SQL mode create: whether the administrator is a group or one person. A person is for an evaluation only: no one else could change the database.')
@allowed(['Group', 'User'])
param sqlAdminPrincipalType string = 'Group'

@description('SQL mode create: SKU of the database, as name and tier.')
param sqlSku { name: string, tier: string } = { name: 'GP_S_Gen5_1', tier: 'GeneralPurpose' }

@description('SQL mode create: minutes without use after which a serverless database sleeps; -1 for never, and for other SKUs.')
param sqlAutoPauseMinutes int = 60

@description('SQL mode create: the fewest vCores of a serverless database; empty for other SKUs.')
param sqlMinCapacity string = '0.5'

@description('SQL mode create: where backups are kept: Local, Zone, or Geo (the other region of the UK).')
@allowed(['Local', 'Zone', 'Geo'])
param sqlBackupRedundancy string = 'Geo'

@description('SQL mode create: collation of the database, which holds from its creation on. That of SQL Server under British settings, as the case management systems have it: tables are copied without conflict, and an index on a varchar id serves a comparison with nvarchar, which it does not under a collation of the SQL_ family.')
param sqlCollation string = 'Latin1_General_CI_AS'

@description('SQL mode create: whether Microsoft Defender for SQL looks for attacks and assesses vulnerabilities. It is charged for.')
param sqlDefender bool = true

@description('SQL mode create: whether the audit holds every statement (BATCH_COMPLETED_GROUP), as the built-in policy on action groups demands. Statements hold ids of children: the workspace then does too.')
param sqlAuditStatements bool = false

@description('SQL mode create: how long weekly, monthly and yearly backups are kept, as ISO 8601 durations such as P4W; an empty text for not at all. The controller decides: an erasure does not reach into them. Needs sqlAutoPauseMinutes -1.')
param sqlLongTermRetention { weekly: string, monthly: string, yearly: string } = { weekly: '', monthly: '', yearly: '' }

@description('SQL mode create: days for which the database can be restored to any moment.')
@minValue(1)
@maxValue(35)
param sqlBackupRetentionDays int = 14

@description('For a database that takes no managed identity (PostgreSQL, SQL Server in the data centre): @Microsoft.KeyVault(SecretUri=...) with the address of the secret in the vault that holds the whole connection string; or, from a secret variable of the pipeline, the connection string itself. Empty for Azure SQL, which needs no secret.')
@secure()
param ssdConnectionString string = ''

// ---- App ----

@description('Major version of Node.js. 22 is what Flex Consumption documents.')
@allowed(['22', '24'])
param nodeVersion string = '22'

@description('The most instances the platform may start. The rate to DfE does not depend on it: DFE_POSTS_IN_FLIGHT and DFE_POSTS_PER_SECOND hold over all of them.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Memory of an instance, in megabytes.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('The three-digit code of the local authority.')
@minLength(3)
@maxLength(3)
param laCode string

@description('Base address of DfE\'s receiver, without the part that names the authority.')
param dfeApiBaseUrl string

@description('DfE\'s token endpoint, as it comes with the credentials.')
param dfeTokenUrl string

@description('The scope of the token, as it comes with the credentials.')
param dfeScope string

@description('Which receiver dfeApiBaseUrl is. To a test receiver children go under pseudonyms.')
@allowed(['test', 'live'])
param dfeReceiver string

@description('When the nightly run starts: NCRONTAB with seconds, in UTC.')
param runSchedule string = '0 0 2 * * *'

@description('Whether the timer of the nightly run is off. Runs that a person asks for still run.')
param nightlyPaused bool = false

@description('Settings of the sender that differ from their defaults (docs/settings.md).')
param settings optionalSettings = {}

@description('Client id of the app registration by which people sign in to the web pages (docs/deploy.md makes it). Empty: no sign-in is set up here, and where there was one it stays.')
param signInClientId string = ''

// ---- Storage, and how long things are kept ----

@description('Whether plan and database are spread over the zones of the region. Needs uksouth, and storageSku Standard_ZRS or Standard_GZRS.')
param zoneRedundant bool = false

@description('For an environment that version 0.1 has deployed, and only there: true. What Azure takes only when something is made (double encryption, keys of the account for queues and tables, the collation of the database) then stays as it is.')
param deployedByVersion01 bool = false

@description('A key of the council by which storage and SQL server are encrypted: vaultUri (https://NAME.vault.azure.net), keyName, keyVersion (SQL Server needs one), and identityId, the resource id of a user-assigned identity that may use it (Key Vault Crypto Service Encryption User). Its vault has purge protection and lets trusted services of Azure in. null for keys of Microsoft. A workspace has such a key by its cluster: existingWorkspaceId.')
param customerManagedKey customerKey?

@description('Redundancy of both storage accounts. Standard_GRS copies to the other region of the UK.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = 'Standard_LRS'

@description('Days after which a run with its payloads is deleted. The controller decides; there is no default.')
@minValue(1)
param runsRetentionDays int

@description('Days after which an entry of the ledger of disclosures, or the record of a download, is deleted. The controller decides; there is no default.')
@minValue(1)
param ledgerRetentionDays int

@description('Days after which a version of a blob is deleted once it is no longer the current one, counted from when it was written and not from when it was replaced. An erasure is complete only when they are over for the version it replaced. Not below immutabilityDays.')
@minValue(1)
param versionRetentionDays int

@description('Days for which a deleted blob can be brought back.')
@minValue(1)
@maxValue(365)
param blobSoftDeleteDays int

@description('Days, from when it was written, for which no version of a blob can be changed or deleted; 0 for none. From 0 to more, or back, only for an environment that is made anew: Azure takes it when the container is made (infra/README.md). An erasure still empties a payload, by writing a new version over it: the old one stays until they are over. The policy stays unlocked.')
@minValue(0)
param immutabilityDays int

@description('Days, from when it was written, for which no one can write over or delete an entry of the ledger in its own container; 0 for none. No erasure needs to. The policy stays unlocked. Below ledgerRetentionDays.')
@minValue(0)
param ledgerImmutabilityDays int = 0

@description('Days for which a deleted secret or vault can be brought back.')
@minValue(7)
@maxValue(90)
param keyVaultSoftDeleteDays int = 90

@description('Whether results, vault and database are locked against deletion. Needs the right to make locks.')
param deployLocks bool = false

// ---- Roles ----

@description('Whether this deployment assigns the roles. false where the pipeline may not: the output roles is then the list for the platform team, who must assign them all before the first run.')
param deployRoleAssignments bool = true

@description('Whether the app uses what version 0.2 has narrowed: the ledger in its own container, and an identity of its own for the package, which the app\'s identity can then not write. Where the platform team assigns the roles, false until they have assigned all that the output roles lists.')
param narrowRoles bool = deployRoleAssignments

@description('Id (a GUID) of the custom role by which the app adds to the ledger and cannot write over or delete an entry: infra/ledger-role.bicep makes it and gives the id. Empty: Storage Blob Data Contributor, which can.')
param ledgerRoleId string = ''

@description('Object id of the Entra group of the analysts, who read telemetry; empty for none.')
param analystsGroupId string = ''

@description('Object id of the Entra group that may fetch payloads and results; empty for none. They hold personal data.')
param resultsReadersGroupId string = ''

@description('Object id of the service principal of the pipeline that deploys the code; empty for none.')
param pipelinePrincipalId string = ''

// ---- Monitoring ----

@description('Resource id of a Log Analytics workspace that is there; empty to make one.')
param existingWorkspaceId string = ''

@description('Days for which a workspace made here keeps telemetry.')
@minValue(30)
@maxValue(730)
param workspaceRetentionDays int = 90

@description('Gigabytes a day after which a workspace made here takes no more; -1 for no cap.')
param workspaceDailyCapGb int = 1

@description('Resource id of the council\'s Azure Monitor private link scope. With it telemetry comes and queries are answered by the network only; empty for none.')
param monitorPrivateLinkScopeId string = ''

@description('With a private link scope: whether analysts may ask from outside the network all the same, with Entra ID.')
param allowPublicQueries bool = false

@description('Mail addresses that alerts go to, where no action group is given.')
param alertEmails string[] = []

@description('Resource id of an action group that is there; empty to make one.')
param existingActionGroupId string = ''

@description('Address of the folder of the runbooks, without / at its end; an alert adds its name and .md.')
param runbookBaseUrl string

@description('Names of alerts that are switched off (modules/alerts.bicep has the list).')
param disabledAlerts string[] = []

@description('Percentage of failed calls to DfE within an hour above which an alert is raised.')
@minValue(1)
@maxValue(100)
param failedCallsPercent int = 20

@description('Amount a month, in the currency of the subscription: the action group is notified at 80 % and at 100 % of it; 0 for no budget.')
@minValue(0)
param budgetAmount int = 0

@description('First day of the first month of the budget, as yyyy-MM-01. Azure never changes it. Empty: this month, when the budget is first made; a later deployment then leaves the budget as it is, so to change the amount give the date that it has.')
param budgetStartDate string = ''

@description('This month, from which the budget counts where no date is given. Not for a council to set.')
param currentMonth string = utcNow('yyyy-MM-01')

// ---- What follows from the parameters ----

var isPrivate = networkMode != 'none'
var deploysNetwork = networkMode == 'create'
var deploysSql = sqlMode == 'create'
var deploysWorkspace = empty(existingWorkspaceId)
var packageContainerName = 'app-package'
var resultsContainerName = 'csc-runs'
var ledgerContainerName = 'csc-ledger'
var wantedTags = union({ application: 'csc-api-sender', environment: environmentName }, tags)

// Ids are put together here from names: what reads them from an output is not looked into by what-if.
var workspaceId = deploysWorkspace
  ? resourceId('Microsoft.OperationalInsights/workspaces', workspaceName)
  : existingWorkspaceId
var componentId = resourceId('Microsoft.Insights/components', componentName)
var hostStorageId = resourceId('Microsoft.Storage/storageAccounts', hostStorageName)
var resultsStorageId = resourceId('Microsoft.Storage/storageAccounts', resultsStorageName)
var keyVaultId = resourceId('Microsoft.KeyVault/vaults', keyVaultName)
var functionAppId = resourceId('Microsoft.Web/sites', functionAppName)
var virtualNetworkId = resourceId('Microsoft.Network/virtualNetworks', virtualNetworkName)
var appSubnetId = deploysNetwork ? '${virtualNetworkId}/subnets/${appSubnetName}' : existingAppSubnetId
var endpointSubnetId = deploysNetwork ? '${virtualNetworkId}/subnets/${endpointSubnetName}' : existingEndpointSubnetId
var sqlServerHost = deploysSql ? '${sqlServerName}${environment().suffixes.sqlServerHostname}' : existingSqlServerHost
var sqlServerId = deploysSql ? resourceId('Microsoft.Sql/servers', sqlServerName) : existingSqlServerId

var dnsZoneNames = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  queue: 'privatelink.queue.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  vault: 'privatelink.vaultcore.azure.net'
  sites: 'privatelink.azurewebsites.net'
  sqlServer: 'privatelink${environment().suffixes.sqlServerHostname}'
}
var ownDnsZoneIds = mapValues(dnsZoneNames, zoneName => resourceId('Microsoft.Network/privateDnsZones', zoneName))
var dnsZoneIds = privateDnsMode == 'policy'
  ? {}
  : privateDnsMode == 'existing' ? existingPrivateDnsZoneIds : ownDnsZoneIds

var endpointsOfData = [
  { name: '${endpointNamePrefix}-host-blob', targetId: hostStorageId, group: 'blob', needsApproval: false }
  { name: '${endpointNamePrefix}-host-queue', targetId: hostStorageId, group: 'queue', needsApproval: false }
  { name: '${endpointNamePrefix}-host-table', targetId: hostStorageId, group: 'table', needsApproval: false }
  { name: '${endpointNamePrefix}-results', targetId: resultsStorageId, group: 'blob', needsApproval: false }
  { name: '${endpointNamePrefix}-vault', targetId: keyVaultId, group: 'vault', needsApproval: false }
]
var endpointsOfSql = empty(sqlServerId)
  ? []
  : [
      {
        name: '${endpointNamePrefix}-sql'
        targetId: sqlServerId
        group: 'sqlServer'
        needsApproval: sqlEndpointNeedsApproval
      }
    ]
var endpointsOfApp = [
  { name: '${endpointNamePrefix}-app', targetId: functionAppId, group: 'sites', needsApproval: false }
]

// ---- What cannot be deployed as it is asked for ----

var lowerLettersAndDigits = 'abcdefghijklmnopqrstuvwxyz0123456789'
func consistsOf(text string, allowed string) bool =>
  empty(filter(
    map(range(0, length(text)), index => substring(text, index, 1)),
    character => !contains(allowed, character)
  ))

func isFirstOfMonth(date string) bool =>
  length(date) == 10 && endsWith(date, '-01') && substring(date, 4, 1) == '-' && consistsOf(
    replace(date, '-', ''),
    '0123456789'
  )

var neededZones = concat(['blob', 'queue', 'table', 'vault', 'sites'], empty(sqlServerId) ? [] : ['sqlServer'])
var missingZones = filter(neededZones, zone => !contains(existingPrivateDnsZoneIds, zone))
var keepsForLong = !empty('${sqlLongTermRetention.weekly}${sqlLongTermRetention.monthly}${sqlLongTermRetention.yearly}')

// Each is a sentence, or empty. All are reported together, so that a parameter file can be corrected in one go.
var objections = filter(
  [
    consistsOf('${namePrefix}${environmentName}', lowerLettersAndDigits)
      ? ''
      : 'namePrefix and environmentName may hold small letters and digits only: they are part of the names of storage accounts.'
    consistsOf(substring(namePrefix, 0, 1), 'abcdefghijklmnopqrstuvwxyz')
      ? ''
      : 'namePrefix has to begin with a letter.'
    consistsOf('${hostStorageName}${resultsStorageName}', lowerLettersAndDigits)
      ? ''
      : 'hostStorageName and resultsStorageName may hold small letters and digits only.'
    hostStorageName == resultsStorageName
      ? 'hostStorageName and resultsStorageName have to be two accounts: the role of the Functions host on its own must not reach the payloads.'
      : ''
    identityName == packageIdentityName
      ? 'identityName and packageIdentityName have to be two identities: that of the app must not be able to write the package.'
      : ''
    consistsOf(laCode, '0123456789') ? '' : 'laCode has to be the three digits of the local authority, such as 301.'
    networkMode == 'none' && dfeReceiver == 'live'
      ? 'networkMode none has public addresses and is for invented children only: dfeReceiver live needs networkMode create or existing.'
      : ''
    networkMode == 'create' && appSubnetPrefix == endpointSubnetPrefix
      ? 'appSubnetPrefix and endpointSubnetPrefix have to be two ranges of addresses.'
      : ''
    networkMode == 'existing' && (empty(existingAppSubnetId) || empty(existingEndpointSubnetId))
      ? 'networkMode existing needs existingAppSubnetId and existingEndpointSubnetId: ask the platform team for the resource ids of two subnets.'
      : ''
    networkMode == 'existing' && !empty(existingAppSubnetId) && toLower(existingAppSubnetId) == toLower(existingEndpointSubnetId)
      ? 'existingAppSubnetId and existingEndpointSubnetId have to be two subnets: that of the app takes no private endpoint.'
      : ''
    contains(networkMode == 'existing' ? last(split('/${existingAppSubnetId}', '/')) : appSubnetName, '_')
      ? 'The subnet of the app may have no underscore in its name: Flex Consumption refuses it.'
      : ''
    isPrivate && privateDnsMode == 'existing' && !empty(missingZones)
      ? 'privateDnsMode existing needs existingPrivateDnsZoneIds for each sub-resource. Missing: ${join(missingZones, ', ')}.'
      : ''
    empty(sqlDatabaseName) && empty(ssdConnectionString)
      ? 'sqlDatabaseName is empty: give the name of the database that holds the SSD.'
      : ''
    toLower(sqlDatabaseName) == 'master'
      ? 'sqlDatabaseName is master, which belongs to the server: give the name of the database that holds the SSD.'
      : ''
    sqlMode == 'create' && (empty(sqlAdminGroupName) || empty(sqlAdminGroupId))
      ? 'sqlMode create needs sqlAdminGroupName and sqlAdminGroupId: the server knows Entra ID only, and would have no administrator.'
      : ''
    sqlMode == 'existing' && empty(existingSqlServerHost) && empty(ssdConnectionString)
      ? 'sqlMode existing needs existingSqlServerHost, or ssdConnectionString for another kind of database.'
      : ''
    keepsForLong && sqlAutoPauseMinutes != -1
      ? 'sqlLongTermRetention needs sqlAutoPauseMinutes -1: Azure keeps no long-term backups of a database that sleeps.'
      : ''
    immutabilityDays > runsRetentionDays
      ? 'immutabilityDays is above runsRetentionDays: nothing could be deleted when its time is over.'
      : ''
    immutabilityDays > versionRetentionDays
      ? 'immutabilityDays is above versionRetentionDays: no earlier version could be deleted when its time is over.'
      : ''
    ledgerImmutabilityDays > 0 && ledgerImmutabilityDays >= ledgerRetentionDays
      ? 'ledgerImmutabilityDays has to be below ledgerRetentionDays: no entry could be deleted when its time is over.'
      : ''
    zoneRedundant && location != 'uksouth' ? 'zoneRedundant needs location uksouth: ukwest has no zones.' : ''
    zoneRedundant && !contains(storageSku, 'ZRS')
      ? 'zoneRedundant needs storageSku Standard_ZRS or Standard_GZRS: the app starts from its storage.'
      : ''
    budgetAmount > 0 && !empty(budgetStartDate) && !isFirstOfMonth(budgetStartDate)
      ? 'budgetStartDate has to be the first day of a month, as yyyy-MM-01.'
      : ''
    deployRoleAssignments && !narrowRoles && !empty(ledgerRoleId)
      ? 'ledgerRoleId works with narrowRoles true only: without it the ledger is in the container of the runs.'
      : ''
  ],
  objection => !empty(objection)
)
// Everything has tags, so that nothing is made while there is an objection.
var allTags = empty(objections) ? wantedTags : fail('This cannot be deployed. ${join(objections, ' ')}')

var publicIngestion = empty(monitorPrivateLinkScopeId) ? 'Enabled' : 'Disabled'
var publicQueries = empty(monitorPrivateLinkScopeId) || allowPublicQueries ? 'Enabled' : 'Disabled'
// Where there is no such scope the module is not deployed, but its scope has to be a name.
var privateLinkScopeParts = split(
  empty(monitorPrivateLinkScopeId)
    ? resourceId('Microsoft.Insights/privateLinkScopes', 'none')
    : monitorPrivateLinkScopeId,
  '/'
)
var monitoredIds = deploysWorkspace ? [workspaceId, componentId] : [componentId]

// ---- The parts ----

module identity 'modules/identity.bicep' = {
  name: 'identity'
  params: {
    name: identityName
    location: location
    tags: allTags
  }
}

module packageIdentity 'modules/identity.bicep' = {
  name: 'package-identity'
  params: {
    name: packageIdentityName
    location: location
    tags: allTags
  }
}

module workspace 'modules/workspace.bicep' = if (deploysWorkspace) {
  name: 'workspace'
  params: {
    name: workspaceName
    location: location
    tags: allTags
    retentionDays: workspaceRetentionDays
    dailyCapGb: workspaceDailyCapGb
    publicIngestion: publicIngestion
    publicQueries: publicQueries
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  dependsOn: [workspace]
  params: {
    workspaceId: workspaceId
    componentName: componentName
    location: location
    tags: allTags
    publicIngestion: publicIngestion
    publicQueries: publicQueries
  }
}

module monitorPrivateLink 'modules/monitor-private-link.bicep' = if (!empty(monitorPrivateLinkScopeId)) {
  name: 'monitor-private-link-${uniqueString(resourceGroup().id)}'
  scope: resourceGroup(privateLinkScopeParts[2], privateLinkScopeParts[4])
  dependsOn: [monitoring]
  params: {
    scopeName: last(privateLinkScopeParts)
    resourceIds: monitoredIds
  }
}

module hostStorage 'modules/host-storage.bicep' = {
  name: 'host-storage'
  dependsOn: [monitoring]
  params: {
    name: hostStorageName
    location: location
    tags: allTags
    skuName: storageSku
    packageContainerName: packageContainerName
    softDeleteDays: blobSoftDeleteDays
    encryptsTwice: !deployedByVersion01
    customerManagedKey: customerManagedKey
    isPrivate: isPrivate
    workspaceId: workspaceId
  }
}

module resultsStorage 'modules/results-storage.bicep' = {
  name: 'results-storage'
  dependsOn: [monitoring]
  params: {
    name: resultsStorageName
    location: location
    tags: allTags
    skuName: storageSku
    containerName: resultsContainerName
    ledgerContainerName: ledgerContainerName
    ledgerImmutabilityDays: ledgerImmutabilityDays
    runsRetentionDays: runsRetentionDays
    ledgerRetentionDays: ledgerRetentionDays
    versionRetentionDays: versionRetentionDays
    softDeleteDays: blobSoftDeleteDays
    immutabilityDays: immutabilityDays
    encryptsTwice: !deployedByVersion01
    customerManagedKey: customerManagedKey
    isPrivate: isPrivate
    lockAgainstDeletion: deployLocks
    workspaceId: workspaceId
  }
}

module keyVault 'modules/key-vault.bicep' = {
  name: 'key-vault'
  dependsOn: [monitoring]
  params: {
    name: keyVaultName
    location: location
    tags: allTags
    softDeleteDays: keyVaultSoftDeleteDays
    isPrivate: isPrivate
    lockAgainstDeletion: deployLocks
    workspaceId: workspaceId
  }
}

module sql 'modules/sql.bicep' = if (deploysSql) {
  name: 'sql'
  dependsOn: [monitoring]
  params: {
    serverName: sqlServerName
    databaseName: sqlDatabaseName
    location: location
    tags: allTags
    adminGroupName: sqlAdminGroupName
    adminGroupId: sqlAdminGroupId
    adminPrincipalType: sqlAdminPrincipalType
    collation: deployedByVersion01 ? '' : sqlCollation
    defender: sqlDefender
    auditStatements: sqlAuditStatements
    longTermRetention: sqlLongTermRetention
    zoneRedundant: zoneRedundant
    customerManagedKey: customerManagedKey
    sku: sqlSku
    autoPauseMinutes: sqlAutoPauseMinutes
    minCapacity: sqlMinCapacity
    backupRedundancy: sqlBackupRedundancy
    backupRetentionDays: sqlBackupRetentionDays
    isPrivate: isPrivate
    lockAgainstDeletion: deployLocks
    workspaceId: workspaceId
  }
}

module network 'modules/network.bicep' = if (deploysNetwork) {
  name: 'network'
  dependsOn: [monitoring]
  params: {
    location: location
    tags: allTags
    virtualNetworkName: virtualNetworkName
    addressPrefix: virtualNetworkPrefix
    dnsServers: dnsServers
    hubNetworkId: hubNetworkId
    useHubGateway: useHubGateway
    pairs: [
      {
        appSubnetName: appSubnetName
        appSubnetPrefix: appSubnetPrefix
        appSecurityGroupName: appSecurityGroupName
        endpointSubnetName: endpointSubnetName
        endpointSubnetPrefix: endpointSubnetPrefix
        endpointSecurityGroupName: endpointSecurityGroupName
      }
    ]
    trustedPrefixes: trustedPrefixes
    deployNatGateway: deployNatGateway
    natGatewayName: natGatewayName
    egressAddressName: egressAddressName
    routeTableId: routeTableId
    workspaceId: workspaceId
  }
}

module dnsZones 'modules/dns-zones.bicep' = if (isPrivate && privateDnsMode == 'create') {
  name: 'dns-zones'
  dependsOn: [network]
  params: {
    zoneNames: map(items(dnsZoneNames), zone => zone.value)
    tags: allTags
    virtualNetworkId: split(appSubnetId, '/subnets/')[0]
  }
}

module dataEndpoints 'modules/private-endpoints.bicep' = if (isPrivate) {
  name: 'data-endpoints'
  dependsOn: [network, dnsZones, hostStorage, resultsStorage, keyVault, sql]
  params: {
    endpoints: concat(endpointsOfData, endpointsOfSql)
    location: location
    tags: allTags
    subnetId: endpointSubnetId
    zoneIds: dnsZoneIds
  }
}

module roles 'modules/roles.bicep' = {
  name: 'roles'
  dependsOn: [hostStorage, resultsStorage, keyVault, monitoring]
  params: {
    deployRoleAssignments: deployRoleAssignments
    appPrincipalId: identity.outputs.principalId
    packagePrincipalId: packageIdentity.outputs.principalId
    narrowRoles: narrowRoles
    ledgerRoleId: ledgerRoleId
    packageContainerName: packageContainerName
    ledgerContainerName: ledgerContainerName
    analystsGroupId: analystsGroupId
    resultsReadersGroupId: resultsReadersGroupId
    hostStorageName: hostStorageName
    resultsStorageName: resultsStorageName
    resultsContainerName: resultsContainerName
    keyVaultName: keyVaultName
    componentName: componentName
    workspaceIsOurs: deploysWorkspace
    workspaceName: workspaceName
    workspaceId: workspaceId
    functionAppName: functionAppName
    pipelinePrincipalId: pipelinePrincipalId
  }
}

module functionApp 'modules/function-app.bicep' = {
  name: 'function-app'
  dependsOn: [
    identity
    packageIdentity
    hostStorage
    resultsStorage
    keyVault
    monitoring
    network
    dataEndpoints
    roles
  ]
  params: {
    name: functionAppName
    planName: planName
    location: location
    tags: allTags
    identityName: identityName
    packageIdentityName: narrowRoles ? packageIdentityName : ''
    ledgerContainerName: narrowRoles ? ledgerContainerName : resultsContainerName
    hostStorageName: hostStorageName
    packageContainerName: packageContainerName
    resultsStorageName: resultsStorageName
    keyVaultName: keyVaultName
    componentName: componentName
    nodeVersion: nodeVersion
    maximumInstanceCount: maximumInstanceCount
    instanceMemoryMB: instanceMemoryMB
    zoneRedundant: zoneRedundant
    isPrivate: isPrivate
    subnetId: appSubnetId
    sqlServerHost: sqlServerHost
    sqlDatabaseName: sqlDatabaseName
    ssdConnectionString: ssdConnectionString
    environmentName: environmentName
    laCode: laCode
    dfeApiBaseUrl: dfeApiBaseUrl
    dfeTokenUrl: dfeTokenUrl
    dfeScope: dfeScope
    dfeReceiver: dfeReceiver
    runSchedule: runSchedule
    nightlyPaused: nightlyPaused
    settings: settings
    signInClientId: signInClientId
    workspaceId: workspaceId
  }
}

module appEndpoint 'modules/private-endpoints.bicep' = if (isPrivate) {
  name: 'app-endpoint'
  dependsOn: [functionApp, dnsZones]
  params: {
    endpoints: endpointsOfApp
    location: location
    tags: allTags
    subnetId: endpointSubnetId
    zoneIds: dnsZoneIds
  }
}

module pipelineRole 'modules/pipeline-role.bicep' = if (deployRoleAssignments && !empty(pipelinePrincipalId)) {
  name: 'pipeline-role'
  dependsOn: [functionApp]
  params: {
    pipelinePrincipalId: pipelinePrincipalId
    functionAppName: functionAppName
  }
}

module queries 'modules/queries.bicep' = {
  name: 'queries'
  dependsOn: [monitoring]
  params: {
    queryPackName: queryPackName
    workbookTitle: workbookTitle
    location: location
    tags: allTags
    workspaceId: workspaceId
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  dependsOn: [monitoring]
  params: {
    location: location
    tags: allTags
    actionGroupName: actionGroupName
    emails: alertEmails
    existingActionGroupId: existingActionGroupId
    namePrefix: alertNamePrefix
    workspaceId: workspaceId
    environmentName: environmentName
    runbookBaseUrl: runbookBaseUrl
    disabledAlerts: disabledAlerts
    failedCallsPercent: failedCallsPercent
  }
}

module budget 'modules/budget.bicep' = if (budgetAmount > 0) {
  name: 'budget'
  params: {
    name: budgetName
    amount: max(budgetAmount, 1)
    startDate: budgetStartDate
    currentMonth: currentMonth
    actionGroupId: alerts.outputs.actionGroupId
  }
}

// ---- What the next steps need ----

@description('Name of the function app, for the deployment of the code.')
output functionAppName string = functionAppName

@description('Host name of the function app, for smoke checks and the HTTP API.')
output functionAppHostName string = functionApp.outputs.hostName

@description('Name of the identity, which is the name of its database user.')
output identityName string = identityName

@description('Client id of the identity, from which the SID of its database user is made.')
output identityClientId string = identity.outputs.clientId

@description('Object id of the identity.')
output identityPrincipalId string = identity.outputs.principalId

@description('Address of the SQL server, for grants and migrations; empty where ssdConnectionString names the database.')
output sqlServerHost string = sqlServerHost

@description('Name of the database, for grants and migrations.')
output sqlDatabaseName string = sqlDatabaseName

@description('Name of the vault, for the secrets that are put there by hand.')
output keyVaultName string = keyVaultName

@description('Name of the storage account of the results, for subject access and erasure (docs/ledger.md).')
output resultsStorageName string = resultsStorageName

@description('The address DfE sees, to be allowed there; empty where the app has none of its own.')
output egressAddress string = deploysNetwork ? network!.outputs.egressAddress : ''

@description('For the owner of the hub: the resource id of the network to which the other half of the peering leads; empty without hubNetworkId.')
output hubPeering string = deploysNetwork && !empty(hubNetworkId) ? virtualNetworkId : ''

@description('Resource id of the workspace, for the analysts.')
output workspaceId string = workspaceId

@description('Resource id of the workbook, for the analysts.')
output workbookId string = queries.outputs.workbookId

@description('Every role the system needs, and whether this deployment has assigned it. The others are for the platform team.')
output roles roleRow[] = roles.outputs.roles
