metadata description = 'An Azure SQL server that knows Entra ID only, and the database of the SSD, for councils that have none yet.'

import { customerKey } from 'customer-key.bicep'

@description('Name of the server.')
param serverName string

@description('Name of the database.')
param databaseName string

@description('Azure region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Name of the Entra group, or of the person, that administers the server.')
param adminGroupName string

@description('Object id of that group or person.')
param adminGroupId string

@description('Whether the administrator is a group or one person.')
@allowed(['Group', 'User'])
param adminPrincipalType string

@description('Collation of the database; empty to leave that of a database that is there.')
param collation string

@description('Whether Microsoft Defender for SQL is on.')
param defender bool

@description('Whether the audit holds every statement.')
param auditStatements bool

@description('How long weekly, monthly and yearly backups are kept, as ISO 8601 durations; an empty text for not at all.')
param longTermRetention { weekly: string, monthly: string, yearly: string }

@description('Whether the database is spread over the zones of the region.')
param zoneRedundant bool

@description('A key of the council; null for keys of Microsoft.')
param customerManagedKey customerKey?

@description('SKU of the database, as its name and tier.')
param sku { name: string, tier: string }

@description('Minutes without use after which a serverless database goes to sleep; -1 for never, and for other SKUs.')
param autoPauseMinutes int

@description('The fewest vCores of a serverless database, as a number in a string; empty for other SKUs.')
param minCapacity string

@description('Where backups are kept: Local, Zone or Geo.')
param backupRedundancy string

@description('Days for which the database can be restored to any moment.')
@minValue(1)
@maxValue(35)
param backupRetentionDays int

@description('Whether the server is reached by private endpoint only. If not, Azure services may reach it: the app has no address of its own then.')
param isPrivate bool

@description('Whether the database is locked against deletion.')
param lockAgainstDeletion bool

@description('Resource id of the Log Analytics workspace that takes the diagnostics.')
param workspaceId string

var keepsForLong = !empty('${longTermRetention.weekly}${longTermRetention.monthly}${longTermRetention.yearly}')

resource server 'Microsoft.Sql/servers@2025-01-01' = {
  name: serverName
  location: location
  tags: tags
  identity: customerManagedKey == null
    ? null
    : { type: 'UserAssigned', userAssignedIdentities: { '${customerManagedKey!.identityId}': {} } }
  properties: {
    version: '12.0'
    minimalTlsVersion: '1.2'
    // The database sends no data anywhere: no external tables, no exports.
    restrictOutboundNetworkAccess: 'Enabled'
    primaryUserAssignedIdentityId: customerManagedKey.?identityId
    keyId: customerManagedKey == null
      ? null
      : '${customerManagedKey!.vaultUri}/keys/${customerManagedKey!.keyName}/${customerManagedKey!.keyVersion}'
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    administrators: {
      administratorType: 'ActiveDirectory'
      azureADOnlyAuthentication: true
      principalType: adminPrincipalType
      login: adminGroupName
      sid: adminGroupId
      tenantId: tenant().tenantId
    }
  }
}

resource azureServices 'Microsoft.Sql/servers/firewallRules@2025-01-01' = if (!isPrivate) {
  parent: server
  name: 'AllowAllWindowsAzureIps'
  properties: {
    startIpAddress: '0.0.0.0'
    endIpAddress: '0.0.0.0'
  }
}

resource auditing 'Microsoft.Sql/servers/auditingSettings@2025-01-01' = {
  parent: server
  name: 'default'
  properties: {
    state: 'Enabled'
    isAzureMonitorTargetEnabled: true
    // Of statements only those that change rights: the reads of each run all have the app's name.
    auditActionsAndGroups: concat(
      [
        'SUCCESSFUL_DATABASE_AUTHENTICATION_GROUP'
        'FAILED_DATABASE_AUTHENTICATION_GROUP'
        'DATABASE_PERMISSION_CHANGE_GROUP'
        'DATABASE_ROLE_MEMBER_CHANGE_GROUP'
        'DATABASE_PRINCIPAL_CHANGE_GROUP'
      ],
      auditStatements ? ['BATCH_COMPLETED_GROUP'] : []
    )
  }
}

resource threatProtection 'Microsoft.Sql/servers/securityAlertPolicies@2025-01-01' = if (defender) {
  parent: server
  name: 'Default'
  properties: { state: 'Enabled' }
}

resource vulnerabilityAssessment 'Microsoft.Sql/servers/sqlVulnerabilityAssessments@2025-01-01' = if (defender) {
  parent: server
  name: 'default'
  dependsOn: [threatProtection]
  properties: { state: 'Enabled' }
}

resource encryption 'Microsoft.Sql/servers/encryptionProtector@2025-01-01' = if (customerManagedKey != null) {
  parent: server
  name: 'current'
  properties: {
    serverKeyType: 'AzureKeyVault'
    // As SQL names a key: vault, key and version.
    serverKeyName: '${split(replace(customerManagedKey!.vaultUri, 'https://', ''), '.')[0]}_${customerManagedKey!.keyName}_${customerManagedKey!.keyVersion}'
    autoRotationEnabled: true
  }
}

resource database 'Microsoft.Sql/servers/databases@2025-01-01' = {
  parent: server
  name: databaseName
  location: location
  tags: tags
  sku: sku
  properties: {
    autoPauseDelay: autoPauseMinutes
    collation: empty(collation) ? null : collation
    zoneRedundant: zoneRedundant
    minCapacity: empty(minCapacity) ? null : json(minCapacity)
    requestedBackupStorageRedundancy: backupRedundancy
  }
}

resource backups 'Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies@2025-01-01' = {
  parent: database
  name: 'default'
  properties: { retentionDays: backupRetentionDays }
}

resource longTermBackups 'Microsoft.Sql/servers/databases/backupLongTermRetentionPolicies@2025-01-01' = if (keepsForLong) {
  parent: database
  name: 'default'
  dependsOn: [backups]
  properties: {
    weeklyRetention: empty(longTermRetention.weekly) ? 'PT0S' : longTermRetention.weekly
    monthlyRetention: empty(longTermRetention.monthly) ? 'PT0S' : longTermRetention.monthly
    yearlyRetention: empty(longTermRetention.yearly) ? 'PT0S' : longTermRetention.yearly
    weekOfYear: empty(longTermRetention.yearly) ? null : 1
  }
}

// The server writes its audit by way of its master database.
resource master 'Microsoft.Sql/servers/databases@2025-01-01' existing = {
  parent: server
  name: 'master'
}

resource masterDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: master
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'SQLSecurityAuditEvents', enabled: true }]
  }
}

resource databaseDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: database
  properties: {
    workspaceId: workspaceId
    // Not allLogs: the audit has its own way, and query texts are not needed.
    logs: [
      { category: 'Errors', enabled: true }
      { category: 'Timeouts', enabled: true }
      { category: 'Deadlocks', enabled: true }
      { category: 'Blocks', enabled: true }
    ]
    metrics: [{ category: 'Basic', enabled: true }]
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (lockAgainstDeletion) {
  name: 'keep'
  scope: database
  properties: {
    level: 'CanNotDelete'
    notes: 'Holds what DfE has acknowledged of each child.'
  }
}
