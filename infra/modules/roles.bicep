metadata description = 'Who may do what: assigned here, or listed for the platform team where the pipeline may not assign roles.'

@export()
@description('One role that the system needs.')
type roleRow = {
  @description('Name of the role.')
  role: string
  @description('Id of the role, a GUID.')
  roleId: string
  @description('Object id of who has it.')
  principalId: string
  @description('ServicePrincipal or Group.')
  principalType: string
  @description('Resource id of what it is on.')
  scope: string
  @description('Condition of the assignment, or an empty text.')
  condition: string
  @description('Whether this deployment assigns it.')
  assigned: bool
}

@description('Whether to assign the roles; otherwise they are only listed.')
param deployRoleAssignments bool

@description('Object id of the identity of the app.')
param appPrincipalId string

@description('Object id of the identity by which the platform stores and fetches the package of the app.')
param packagePrincipalId string

@description('Whether the app uses the container of the ledger and the identity of the package. Only then may its own identity lose the right to write the package.')
param narrowRoles bool

@description('Id of the custom role that only adds to the ledger; empty for Storage Blob Data Contributor.')
param ledgerRoleId string

@description('Object id of the Entra group of the analysts; empty for none.')
param analystsGroupId string

@description('Object id of the Entra group that may fetch payloads and results (docs/ledger.md); empty for none.')
param resultsReadersGroupId string

@description('Name of the storage account of the host.')
param hostStorageName string

@description('Name of the storage account of the results.')
param resultsStorageName string

@description('Name of the container of the runs.')
param resultsContainerName string

@description('Name of the container of the ledger.')
param ledgerContainerName string

@description('Name of the container of the code package, in the storage account of the host.')
param packageContainerName string

@description('Name of the vault.')
param keyVaultName string

@description('Name of the Application Insights component.')
param componentName string

@description('Whether the workspace is made by this deployment; otherwise roles on it are for its owner to assign.')
param workspaceIsOurs bool

@description('Name of the workspace, where it is made by this deployment.')
param workspaceName string

@description('Resource id of the workspace.')
param workspaceId string

@description('Name of the function app.')
param functionAppName string

@description('Object id of the pipeline that deploys the code; empty for none.')
param pipelinePrincipalId string

resource hostStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: hostStorageName
}

resource resultsContainer 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  name: '${resultsStorageName}/default/${resultsContainerName}'
}

resource ledgerContainer 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  name: '${resultsStorageName}/default/${ledgerContainerName}'
}

resource packageContainer 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  name: '${hostStorageName}/default/${packageContainerName}'
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: keyVaultName
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

var blobAction = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs'
var changesOfBlobs = [
  'write'
  'add/action'
  'delete'
  'deleteBlobVersion/action'
  'permanentDelete/action'
  'move/action'
  'runAsSuperUser/action'
]
var notAChange = join(map(changesOfBlobs, action => '!(ActionMatches{\'${blobAction}/${action}\'})'), ' AND ')

// The host needs the role Owner on its account, and the container of the package is in it.
var everywhereButInThePackage = '((${notAChange}) OR (@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringNotEquals \'${packageContainerName}\'))'

// A row without a principal is for a group that the council has not named: it is neither assigned nor listed.
var rolesOnHostStorage = [
  {
    role: 'Storage Blob Data Owner'
    roleId: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    condition: narrowRoles ? everywhereButInThePackage : ''
  }
  {
    role: 'Storage Queue Data Contributor'
    roleId: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    condition: ''
  }
  {
    role: 'Storage Table Data Contributor'
    roleId: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    condition: ''
  }
]

var rolesOnPackageContainer = [
  {
    role: 'Storage Blob Data Contributor'
    roleId: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
    principalId: packagePrincipalId
    principalType: 'ServicePrincipal'
  }
]

var rolesOnLedgerContainer = [
  {
    role: 'CSC ledger appender'
    roleId: ledgerRoleId
    principalId: empty(ledgerRoleId) ? '' : appPrincipalId
    principalType: 'ServicePrincipal'
  }
  {
    role: 'Storage Blob Data Contributor'
    roleId: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
    principalId: empty(ledgerRoleId) ? appPrincipalId : ''
    principalType: 'ServicePrincipal'
  }
  {
    role: 'Storage Blob Data Reader'
    roleId: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
    principalId: resultsReadersGroupId
    principalType: 'Group'
  }
]

var rolesOnResultsContainer = [
  {
    role: 'Storage Blob Data Contributor'
    roleId: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
  {
    role: 'Storage Blob Data Reader'
    roleId: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
    principalId: resultsReadersGroupId
    principalType: 'Group'
  }
]

var rolesOnVault = [
  {
    role: 'Key Vault Secrets User'
    roleId: '4633458b-17de-408a-b874-0445c86b69e6'
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
]

var rolesOnComponent = [
  {
    role: 'Monitoring Metrics Publisher'
    roleId: '3913510d-42f4-4e42-8a64-420c390055eb'
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
  {
    role: 'Monitoring Reader'
    roleId: '43d0d8ad-25c7-4714-9337-8ba259a9fe05'
    principalId: analystsGroupId
    principalType: 'Group'
  }
]

var rolesOnWorkspace = [
  {
    role: 'Log Analytics Reader'
    roleId: '73c42c96-874c-492b-b04d-ab87d138a893'
    principalId: analystsGroupId
    principalType: 'Group'
  }
]

// Assigned by modules/pipeline-role.bicep, when the app is there.
var rolesOnFunctionApp = [
  {
    role: 'Website Contributor'
    roleId: 'de139f84-1756-47ae-9be6-808fbbe84772'
    principalId: pipelinePrincipalId
    principalType: 'ServicePrincipal'
  }
]

resource hostStorageAssignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for row in rolesOnHostStorage: if (deployRoleAssignments && !empty(row.principalId)) {
    name: guid(hostStorage.id, row.principalId, row.roleId)
    scope: hostStorage
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', row.roleId)
      principalId: row.principalId
      principalType: row.principalType
      condition: empty(row.condition) ? null : row.condition
      conditionVersion: empty(row.condition) ? null : '2.0'
    }
  }
]

resource packageContainerAssignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for row in rolesOnPackageContainer: if (deployRoleAssignments && !empty(row.principalId)) {
    name: guid(packageContainer.id, row.principalId, row.roleId)
    scope: packageContainer
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', row.roleId)
      principalId: row.principalId
      principalType: row.principalType
    }
  }
]

resource ledgerContainerAssignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for row in rolesOnLedgerContainer: if (deployRoleAssignments && !empty(row.principalId)) {
    name: guid(ledgerContainer.id, row.principalId, row.roleId)
    scope: ledgerContainer
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', row.roleId)
      principalId: row.principalId
      principalType: row.principalType
    }
  }
]

resource resultsContainerAssignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for row in rolesOnResultsContainer: if (deployRoleAssignments && !empty(row.principalId)) {
    name: guid(resultsContainer.id, row.principalId, row.roleId)
    scope: resultsContainer
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', row.roleId)
      principalId: row.principalId
      principalType: row.principalType
    }
  }
]

resource vaultAssignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for row in rolesOnVault: if (deployRoleAssignments && !empty(row.principalId)) {
    name: guid(vault.id, row.principalId, row.roleId)
    scope: vault
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', row.roleId)
      principalId: row.principalId
      principalType: row.principalType
    }
  }
]

resource componentAssignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for row in rolesOnComponent: if (deployRoleAssignments && !empty(row.principalId)) {
    name: guid(component.id, row.principalId, row.roleId)
    scope: component
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', row.roleId)
      principalId: row.principalId
      principalType: row.principalType
    }
  }
]

resource workspaceAssignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for row in rolesOnWorkspace: if (deployRoleAssignments && workspaceIsOurs && !empty(row.principalId)) {
    name: guid(workspace.id, row.principalId, row.roleId)
    scope: workspace
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', row.roleId)
      principalId: row.principalId
      principalType: row.principalType
    }
  }
]

var functionAppId = resourceId('Microsoft.Web/sites', functionAppName)

var rows = concat(
  map(rolesOnHostStorage, row => union(row, { scope: hostStorage.id, assigned: deployRoleAssignments })),
  map(rolesOnPackageContainer, row => union(row, { scope: packageContainer.id, assigned: deployRoleAssignments })),
  map(rolesOnLedgerContainer, row => union(row, { scope: ledgerContainer.id, assigned: deployRoleAssignments })),
  map(rolesOnResultsContainer, row => union(row, { scope: resultsContainer.id, assigned: deployRoleAssignments })),
  map(rolesOnVault, row => union(row, { scope: vault.id, assigned: deployRoleAssignments })),
  map(rolesOnComponent, row => union(row, { scope: component.id, assigned: deployRoleAssignments })),
  map(rolesOnWorkspace, row => union(row, { scope: workspaceId, assigned: deployRoleAssignments && workspaceIsOurs })),
  map(rolesOnFunctionApp, row => union(row, { scope: functionAppId, assigned: deployRoleAssignments }))
)

@description('Every role the system needs: role, roleId, principalId, principalType, scope, the condition of the assignment or an empty text, and whether this deployment assigns it. The platform team assigns the others.')
output roles roleRow[] = map(filter(rows, row => !empty(row.principalId)), row => union({ condition: '' }, row))
