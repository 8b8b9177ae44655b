metadata description = 'The function app on Flex Consumption. Runtime, scale and deployment are in functionAppConfig; an app setting for one of them breaks the app.'

import { optionalSettings } from 'settings.bicep'

@description('Name of the function app.')
param name string

@description('Name of the Flex Consumption plan, which holds this app alone.')
param planName string

@description('Azure region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Name of the user-assigned identity of the app.')
param identityName string

@description('Name of the user-assigned identity by which the platform stores and fetches the package; empty for that of the app.')
param packageIdentityName string

@description('Name of the storage account of the host.')
param hostStorageName string

@description('Container of the code package.')
param packageContainerName string

@description('Name of the storage account of the results.')
param resultsStorageName string

@description('Container of the ledger.')
param ledgerContainerName string

@description('Name of the vault with the DfE credentials.')
param keyVaultName string

@description('Name of the Application Insights component.')
param componentName string

@description('Major version of Node.js.')
param nodeVersion string

@description('The most instances the platform may start.')
param maximumInstanceCount int

@description('Memory of an instance, in megabytes.')
param instanceMemoryMB int

@description('Whether instances are spread over the zones of the region.')
param zoneRedundant bool

@description('Whether the app is called, and deployed to, by private endpoint only, and all that leaves it goes through the network.')
param isPrivate bool

@description('Resource id of the subnet of the app; empty without a network.')
param subnetId string

@description('Address of the Azure SQL server.')
param sqlServerHost string

@description('Name of the database that holds the SSD and the staging table.')
param sqlDatabaseName string

@description('The whole connection string of a database that takes no managed identity, or a reference to the secret of the vault that holds it; empty for Azure SQL.')
@secure()
param ssdConnectionString string

@description('Name of the environment in telemetry, by which alerts tell it from others in the same workspace.')
param environmentName string

@description('The three-digit code of the local authority.')
param laCode string

@description('Base address of DfE\'s receiver.')
param dfeApiBaseUrl string

@description('DfE\'s token endpoint.')
param dfeTokenUrl string

@description('The scope of the token.')
param dfeScope string

@description('Which receiver dfeApiBaseUrl is.')
param dfeReceiver string

@description('When the nightly run starts: NCRONTAB with seconds, in UTC.')
param runSchedule string

@description('Whether the timer of the nightly run is off.')
param nightlyPaused bool

@description('Settings that differ from their defaults.')
param settings optionalSettings

@description('Client id of the app registration by which people sign in; empty for no sign-in.')
param signInClientId string

@description('Resource id of the Log Analytics workspace that takes the diagnostics.')
param workspaceId string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

// Where no name is given it is that of the app.
resource packageIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: empty(packageIdentityName) ? identityName : packageIdentityName
}

resource hostStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: hostStorageName
}

resource resultsStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: resultsStorageName
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: keyVaultName
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

// What the Functions host and its telemetry read.
var hostSettings = {
  // The address / answers nothing: a default page would tell anyone what runs here.
  AzureWebJobsDisableHomepage: 'true'
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.properties.clientId
  AzureWebJobsStorage__blobServiceUri: hostStorage.properties.primaryEndpoints.blob
  AzureWebJobsStorage__queueServiceUri: hostStorage.properties.primaryEndpoints.queue
  AzureWebJobsStorage__tableServiceUri: hostStorage.properties.primaryEndpoints.table
  APPLICATIONINSIGHTS_CONNECTION_STRING: component.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
  OTEL_TRACES_SAMPLER: 'always_on'
}

var azureSqlConnection = 'Server=tcp:${sqlServerHost},1433;Database=${sqlDatabaseName};Authentication=Active Directory Managed Identity;User Id=${identity.properties.clientId}'

// The settings that shared/settings/ has no default for, or that only the deployment knows.
var senderSettings = {
  ENVIRONMENT: environmentName
  LA_CODE: laCode
  DFE_API_BASE_URL: dfeApiBaseUrl
  DFE_TOKEN_URL: dfeTokenUrl
  DFE_SCOPE: dfeScope
  DFE_RECEIVER: dfeReceiver
  RUN_SCHEDULE: runSchedule
  KEY_VAULT_URI: vault.properties.vaultUri
  KEY_VAULT_CLIENT_ID: identity.properties.clientId
  SSD_CONNECTION_STRING: empty(ssdConnectionString) ? azureSqlConnection : ssdConnectionString
  RESULTS_STORAGE__blobServiceUri: resultsStorage.properties.primaryEndpoints.blob
  RESULTS_STORAGE__clientId: identity.properties.clientId
  LEDGER_CONTAINER: ledgerContainerName
}

// The host reads the first name; on Linux some ways to set it take no dots, and it reads the second one, too.
var pauseSettings = nightlyPaused
  ? {
      'AzureWebJobs.nightly.Disabled': 'true'
      AzureWebJobs_nightly_Disabled: 'true'
    }
  : {}

var appSettings = union(settings, senderSettings, hostSettings, pauseSettings)

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true, zoneRedundant: zoneRedundant }
}

resource functionApp 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: union({ '${identity.id}': {} }, { '${packageIdentity.id}': {} })
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    virtualNetworkSubnetId: isPrivate ? subnetId : null
    outboundVnetRouting: isPrivate ? { allTraffic: true } : null
    // By default the platform resolves references to secrets with a system-assigned identity, and there is none.
    keyVaultReferenceIdentity: identity.id
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${hostStorage.properties.primaryEndpoints.blob}${packageContainerName}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: packageIdentity.id
          }
        }
      }
      runtime: { name: 'node', version: nodeVersion }
      scaleAndConcurrency: {
        maximumInstanceCount: maximumInstanceCount
        instanceMemoryMB: instanceMemoryMB
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      appSettings: map(items(appSettings), setting => { name: setting.key, value: setting.value })
    }
  }
}

resource noFtp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: functionApp
  name: 'ftp'
  properties: { allow: false }
}

resource noBasicScm 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: functionApp
  name: 'scm'
  properties: { allow: false }
}

// The platform refuses no one here. The app and its host decide: pages need a sign-in with a role, the HTTP API a
// function key. Without a client secret Entra ID answers a sign-in with an ID token and nothing else.
resource signIn 'Microsoft.Web/sites/config@2025-03-01' = if (!empty(signInClientId)) {
  parent: functionApp
  name: 'authsettingsV2'
  properties: {
    platform: { enabled: true }
    globalValidation: {
      requireAuthentication: false
      unauthenticatedClientAction: 'AllowAnonymous'
    }
    httpSettings: { requireHttps: true }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: signInClientId
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
        }
        validation: { allowedAudiences: [signInClientId] }
      }
    }
    login: {
      tokenStore: { enabled: false }
      // A working day: a role that is taken away counts until then.
      cookieExpiration: { convention: 'FixedTime', timeToExpiration: '08:00:00' }
    }
  }
}

resource planDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: plan
  properties: {
    workspaceId: workspaceId
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

resource functionAppDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: functionApp
  properties: {
    workspaceId: workspaceId
    // The host's own log shows what Application Insights does not receive, such as an app that does not start.
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

@description('Host name of the app.')
output hostName string = functionApp.properties.defaultHostName
