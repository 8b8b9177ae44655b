metadata description = 'The vault of the DfE credentials. The secrets themselves are put there by hand or by the rotation, never by a deployment.'

@description('Name of the vault.')
param name string

@description('Azure region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Days for which a deleted secret or vault can be brought back.')
@minValue(7)
@maxValue(90)
param softDeleteDays int

@description('Whether the vault is reached by private endpoint only.')
param isPrivate bool

@description('Whether the vault is locked against deletion.')
param lockAgainstDeletion bool

@description('Resource id of the Log Analytics workspace that takes the diagnostics.')
param workspaceId string

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enablePurgeProtection: true
    enableSoftDelete: true
    softDeleteRetentionInDays: softDeleteDays
    enabledForDeployment: false
    enabledForDiskEncryption: false
    enabledForTemplateDeployment: false
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
    }
  }
}

resource vaultDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (lockAgainstDeletion) {
  name: 'keep'
  scope: vault
  properties: {
    level: 'CanNotDelete'
    notes: 'Holds the credentials for DfE.'
  }
}
