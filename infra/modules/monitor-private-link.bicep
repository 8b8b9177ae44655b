metadata description = 'Puts the workspace and Application Insights into the council\'s Azure Monitor private link scope. Deployed to the resource group of that scope.'

@description('Name of the private link scope.')
param scopeName string

@description('Resource ids to put into it.')
param resourceIds string[]

resource privateLinkScope 'Microsoft.Insights/privateLinkScopes@2021-09-01' existing = {
  name: scopeName
}

resource scoped 'Microsoft.Insights/privateLinkScopes/scopedResources@2021-09-01' = [
  for monitoredId in resourceIds: {
    parent: privateLinkScope
    name: 'csc-${uniqueString(monitoredId)}'
    properties: { linkedResourceId: monitoredId }
  }
]
