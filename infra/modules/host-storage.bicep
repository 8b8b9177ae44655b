metadata description = 'Storage of the Functions host: queues, timers, keys and the code package. It holds no personal data, and its owner role must not reach what does: hence an account of its own.'

import { customerKey, encryptionOf } from 'customer-key.bicep'

@description('Name of the storage account.')
param name string

@description('Azure region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Redundancy of the storage account.')
param skuName string

@description('Container of the code package.')
param packageContainerName string

@description('Days for which a deleted blob can be brought back.')
@minValue(1)
@maxValue(365)
param softDeleteDays int

@description('Whether the account is encrypted twice, and queues and tables with the key of the account. Only when it is made.')
param encryptsTwice bool

@description('A key of the council; null for keys of Microsoft.')
param customerManagedKey customerKey?

@description('Whether the account is reached by private endpoint only.')
param isPrivate bool

@description('Resource id of the Log Analytics workspace that takes the diagnostics.')
param workspaceId string

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: skuName }
  kind: 'StorageV2'
  identity: customerManagedKey == null
    ? null
    : { type: 'UserAssigned', userAssignedIdentities: { '${customerManagedKey!.identityId}': {} } }
  properties: {
    accessTier: 'Hot'
    allowedCopyScope: 'AAD'
    isLocalUserEnabled: false
    isSftpEnabled: false
    encryption: encryptionOf(customerManagedKey, encryptsTwice)
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: { enabled: true, days: softDeleteDays }
    containerDeleteRetentionPolicy: { enabled: true, days: softDeleteDays }
  }
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices@2025-06-01' = {
  parent: account
  name: 'default'
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices@2025-06-01' = {
  parent: account
  name: 'default'
}

resource packages 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: blobs
  name: packageContainerName
  properties: { publicAccess: 'None' }
}

resource accountDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account
  properties: {
    workspaceId: workspaceId
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

resource blobDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: blobs
  properties: {
    workspaceId: workspaceId
    // Reads are left out: the host looks into its blobs every few seconds.
    logs: [
      { category: 'StorageWrite', enabled: true }
      { category: 'StorageDelete', enabled: true }
    ]
  }
}

resource queueDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: queues
  properties: {
    workspaceId: workspaceId
    // Reads are left out: the host looks into its queues every few seconds.
    logs: [
      { category: 'StorageWrite', enabled: true }
      { category: 'StorageDelete', enabled: true }
    ]
  }
}

resource tableDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: tables
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}
