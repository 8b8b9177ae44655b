metadata description = 'Storage of runs, results and the ledger: the payloads of children and the record of every disclosure.'

import { customerKey, encryptionOf } from 'customer-key.bicep'

@description('Name of the storage account.')
param name string

@description('Azure region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Redundancy of the storage account.')
param skuName string

@description('Container of the runs, as shared/composition/storage.ts names it.')
param containerName string

@description('Container of the ledger, to which entries are only added.')
param ledgerContainerName string

@description('Days after which a run with its payloads is deleted.')
@minValue(1)
param runsRetentionDays int

@description('Days after which an entry of the ledger, or the record of a download, is deleted.')
@minValue(1)
param ledgerRetentionDays int

@description('Days after which a version of a blob is deleted once it is no longer the current one, counted from when it was written and not from when it was replaced.')
@minValue(1)
param versionRetentionDays int

@description('Days for which a deleted blob can be brought back.')
@minValue(1)
@maxValue(365)
param softDeleteDays int

@description('Days, from when it was written, for which no version of a blob can be changed or deleted; 0 for none. An erasure still empties a payload, by writing a new version over it: the old one stays until they are over. The policy stays unlocked.')
@minValue(0)
param immutabilityDays int

@description('Days, from when it was written, for which no one can write over or delete an entry of the ledger; 0 for none. The policy stays unlocked.')
@minValue(0)
param ledgerImmutabilityDays int

@description('Whether the account is encrypted twice, and queues and tables with the key of the account. Only when it is made.')
param encryptsTwice bool

@description('A key of the council; null for keys of Microsoft.')
param customerManagedKey customerKey?

@description('Whether the account is reached by private endpoint only.')
param isPrivate bool

@description('Whether the account is locked against deletion.')
param lockAgainstDeletion bool

@description('Resource id of the Log Analytics workspace that takes the diagnostics.')
param workspaceId string

// Numbers only, twelve small blobs a year: long enough to compare a run with one of a year before.
var rehearsalRetentionDays = 800

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
    isVersioningEnabled: true
    changeFeed: { enabled: true, retentionInDays: ledgerRetentionDays }
    deleteRetentionPolicy: { enabled: true, days: softDeleteDays }
    containerDeleteRetentionPolicy: { enabled: true, days: softDeleteDays }
  }
}

// Of versions, not of the container: the app replaces turn.json, and an erasure empties payloads by writing over them.
resource runs 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: blobs
  name: containerName
  properties: {
    publicAccess: 'None'
    immutableStorageWithVersioning: { enabled: immutabilityDays > 0 }
  }
}

// Unlocked: locking it is irreversible and collides with erasure, so it is a decision of the council, not of a deployment.
resource immutability 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2025-06-01' = if (immutabilityDays > 0) {
  parent: runs
  name: 'default'
  properties: {
    immutabilityPeriodSinceCreationInDays: immutabilityDays
    allowProtectedAppendWrites: false
  }
}

resource ledger 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: blobs
  name: ledgerContainerName
  properties: { publicAccess: 'None' }
}

// Of the container: every blob there is written once, and an erasure takes nothing out of it. Unlocked, as above.
resource ledgerImmutability 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2025-06-01' = if (ledgerImmutabilityDays > 0) {
  parent: ledger
  name: 'default'
  properties: {
    immutabilityPeriodSinceCreationInDays: ledgerImmutabilityDays
    allowProtectedAppendWrites: false
  }
}

// Every folder that the app writes to has a retention period. The exceptions are blobs that are written over and do
// not accumulate: turn.json (the active run), preflight.json, and receivers/ (the receiver of each staging table,
// which a safety check needs).
resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2025-06-01' = {
  parent: account
  name: 'default'
  dependsOn: [blobs]
  properties: {
    policy: {
      rules: [
        {
          name: 'runs'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['${containerName}/runs/'] }
            actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: runsRetentionDays } } }
          }
        }
        {
          name: 'ledger'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: [
                '${ledgerContainerName}/'
                // The place of the ledger before it has a container of its own.
                '${containerName}/ledger/'
                '${containerName}/preflights/'
                '${containerName}/downloads/'
              ]
            }
            actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: ledgerRetentionDays } } }
          }
        }
        {
          name: 'rehearsals'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['${containerName}/rehearsals/'] }
            actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: rehearsalRetentionDays } } }
          }
        }
        {
          name: 'earlier-versions'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['${containerName}/', '${ledgerContainerName}/'] }
            actions: { version: { delete: { daysAfterCreationGreaterThan: versionRetentionDays } } }
          }
        }
      ]
    }
  }
}

resource accountDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account
  properties: {
    workspaceId: workspaceId
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

// Includes reads: the council must be able to say who fetched a payload (docs/ledger.md). The names of blobs hold no
// child's id.
resource blobDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: blobs
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (lockAgainstDeletion) {
  name: 'keep'
  scope: account
  properties: {
    level: 'CanNotDelete'
    notes: 'Holds the record of what was disclosed to DfE.'
  }
}
