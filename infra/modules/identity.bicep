metadata description = 'The identity by which the function app reaches everything.'

@description('Name of the user-assigned identity.')
param name string

@description('Azure region.')
param location string

@description('Tags.')
param tags { *: string }

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('The object id, by which roles are assigned.')
output principalId string = identity.properties.principalId

@description('The client id, from which the SID of its database user is made.')
output clientId string = identity.properties.clientId
