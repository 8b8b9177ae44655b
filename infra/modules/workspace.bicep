metadata description = 'A Log Analytics workspace that takes telemetry and queries with Entra ID only.'

@description('Name of the workspace.')
param name string

@description('Azure region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Days for which the workspace keeps telemetry.')
@minValue(30)
@maxValue(730)
param retentionDays int

@description('Gigabytes a day after which the workspace takes no more; -1 for no cap.')
param dailyCapGb int

@description('Whether telemetry is taken from the internet. It needs Entra ID in any case; Disabled needs a private link scope.')
@allowed(['Enabled', 'Disabled'])
param publicIngestion string

@description('Whether queries are answered from the internet. They need Entra ID in any case; Disabled needs a private link scope.')
@allowed(['Enabled', 'Disabled'])
param publicQueries string

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionDays
    workspaceCapping: { dailyQuotaGb: dailyCapGb }
    publicNetworkAccessForIngestion: publicIngestion
    publicNetworkAccessForQuery: publicQueries
    features: {
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

resource workspaceDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: workspace
  properties: {
    workspaceId: workspace.id
    // Who ran which query.
    logs: [{ category: 'Audit', enabled: true }]
  }
}

@description('Resource id of the workspace.')
output id string = workspace.id
