metadata description = 'Lets the pipeline deploy the code, and nothing else. On its own because the app has to be there first, and the app needs the other roles first.'

@description('Object id of the pipeline that deploys the code.')
param pipelinePrincipalId string

@description('Name of the function app.')
param functionAppName string

resource functionApp 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName
}

var websiteContributor = 'de139f84-1756-47ae-9be6-808fbbe84772'

resource deployer 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(functionApp.id, pipelinePrincipalId, websiteContributor)
  scope: functionApp
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', websiteContributor)
    principalId: pipelinePrincipalId
    principalType: 'ServicePrincipal'
  }
}
