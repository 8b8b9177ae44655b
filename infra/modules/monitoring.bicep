metadata description = 'Application Insights on a Log Analytics workspace: the council\'s own, or a new one.'

@description('Whether to make a workspace; otherwise workspaceId is one that is there.')
param deployWorkspace bool

@description('Name of the workspace, where one is made.')
param workspaceName string

@description('Resource id of the workspace, made here or not.')
param workspaceId string

@description('Name of the Application Insights component.')
param componentName string

@description('Azure region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Days for which the workspace keeps what it is told.')
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

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = if (deployWorkspace) {
  name: workspaceName
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

// No diagnostics of its own: they would bring the same telemetry into the workspace twice.
resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: componentName
  location: location
  tags: tags
  kind: 'web'
  dependsOn: [workspace]
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspaceId
    DisableLocalAuth: true
    publicNetworkAccessForIngestion: publicIngestion
    publicNetworkAccessForQuery: publicQueries
  }
}

resource workspaceDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (deployWorkspace) {
  name: 'to-workspace'
  scope: workspace
  properties: {
    workspaceId: workspaceId
    // Who asked which query.
    logs: [{ category: 'Audit', enabled: true }]
  }
}
