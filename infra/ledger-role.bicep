metadata description = 'The role by which the app adds to the ledger and can neither write over an entry nor delete one. No built-in role does this. Made once, by someone who may make roles (Owner, or User Access Administrator), and not by the pipeline: docs/deploy.md.'

targetScope = 'resourceGroup'

@description('Name of the role, unique in the tenant.')
param roleName string = 'CSC ledger appender (${resourceGroup().name})'

resource appender 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'csc-ledger-appender')
  properties: {
    roleName: roleName
    description: 'Reads blobs and adds new ones. Writes over none, deletes none, and changes no container.'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        actions: ['Microsoft.Storage/storageAccounts/blobServices/containers/read']
        notActions: []
        dataActions: [
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action'
        ]
        notDataActions: []
      }
    ]
  }
}

@description('Id of the role, for the parameter ledgerRoleId of main.bicep.')
output ledgerRoleId string = appender.name
