metadata description = 'Application Insights on a Log Analytics workspace.'

@description('Resource id of the workspace, made here or not.')
param workspaceId string

@description('Name of the Application Insights component.')
param componentName string

@description('Azure region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Whether telemetry is taken from the internet. It needs Entra ID in any case; Disabled needs a private link scope.')
@allowed(['Enabled', 'Disabled'])
param publicIngestion string

@description('Whether queries are answered from the internet. They need Entra ID in any case; Disabled needs a private link scope.')
@allowed(['Enabled', 'Disabled'])
param publicQueries string

// No diagnostics of its own: they would bring the same telemetry into the workspace twice.
resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: componentName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspaceId
    DisableLocalAuth: true
    publicNetworkAccessForIngestion: publicIngestion
    publicNetworkAccessForQuery: publicQueries
  }
}
