metadata description = 'A Data Factory that copies the SSD from a SQL Server of the council into Azure SQL: all tables into a schema of their own, then into the place of the SSD in one transaction, then the call that starts the nightly run. docs/ssd-copy.md explains it.'

@export()
@description('A table, and columns of it.')
type columnsOfTable = {
  @description('Name of the table.')
  name: string
  @description('Names of the columns.')
  columns: string[]
}

@export()
@description('The SQL Server that the SSD is copied from.')
type sourceServer = {
  @description('Name of the server, as the machine of the integration runtime finds it.')
  server: string
  @description('Name of the database.')
  database: string
  @description('Schema of the SSD there.')
  schema: string
  @description('Windows: an account of the domain, by Kerberos. SQL: a login of the server.')
  authenticationType: 'Windows' | 'SQL'
  @description('Name of that account or login, which may read the tables and nothing else. Its password is the secret SSD-SOURCE-PASSWORD.')
  userName: string
}

@export()
@description('The Azure SQL database that the app reads.')
type targetDatabase = {
  @description('Address of the server.')
  server: string
  @description('Name of the database.')
  database: string
  @description('Schema of the SSD, as SSD_SCHEMA of the app has it.')
  schema: string
  @description('Schema of the tables that are filled first.')
  incomingSchema: string
}

@description('Name of the factory, which is the name of its database user.')
param factoryName string

@description('Name of the self-hosted integration runtime.')
param integrationRuntimeName string

@description('Azure region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Name of the vault of the copy, which is not that of the app.')
param keyVaultName string

@description('Whether the factory is reached by private endpoint only.')
param isPrivate bool

@description('The tables and columns that are copied.')
param tables columnsOfTable[]

@description('Tables that may not arrive empty: then the SSD stays as it is.')
param neverEmpty string[]

@description('The SQL Server that the SSD is copied from.')
param source sourceServer

@description('The Azure SQL database that the app reads.')
param target targetDatabase

@description('Host name of the function app.')
param appHostName string

@description('What a token for the HTTP API is asked for: api:// and the client id of the app registration.')
param appAudience string

@description('When the trigger starts the copy each day, as hour and minute in London.')
param startsAt { hour: int, minute: int }

@description('First day of the trigger, as yyyy-MM-dd.')
param startDate string

@description('Whether to let the factory read its vault.')
param deployRoleAssignments bool

@description('Id of the role Key Vault Secrets User.')
param vaultReaderRoleId string

@description('Resource id of the Log Analytics workspace that takes the diagnostics.')
param workspaceId string

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: keyVaultName
}

resource factory 'Microsoft.DataFactory/factories@2018-06-01' = {
  name: factoryName
  location: location
  tags: tags
  identity: { type: 'SystemAssigned' }
  properties: { publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled' }
}

resource readsSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (deployRoleAssignments) {
  name: guid(vault.id, factory.id, vaultReaderRoleId)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', vaultReaderRoleId)
    principalId: factory.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

// Everything goes by it, also what is in Azure: it is in the council's network, from which the private endpoints answer.
resource onPremises 'Microsoft.DataFactory/factories/integrationRuntimes@2018-06-01' = {
  parent: factory
  name: integrationRuntimeName
  properties: {
    type: 'SelfHosted'
    description: 'On a machine of the council that reaches the SQL Server, the private endpoints and Azure Data Factory.'
  }
}

var runtime = { referenceName: integrationRuntimeName, type: 'IntegrationRuntimeReference' }

resource secrets 'Microsoft.DataFactory/factories/linkedservices@2018-06-01' = {
  parent: factory
  name: 'secrets'
  dependsOn: [onPremises]
  properties: {
    type: 'AzureKeyVault'
    connectVia: runtime
    typeProperties: { baseUrl: vault.properties.vaultUri }
  }
}

resource sourceService 'Microsoft.DataFactory/factories/linkedservices@2018-06-01' = {
  parent: factory
  name: 'source'
  properties: {
    type: 'SqlServer'
    connectVia: runtime
    typeProperties: {
      server: source.server
      database: source.database
      encrypt: 'mandatory'
      trustServerCertificate: false
      authenticationType: source.authenticationType
      userName: source.userName
      password: {
        type: 'AzureKeyVaultSecret'
        store: { referenceName: secrets.name, type: 'LinkedServiceReference' }
        secretName: 'SSD-SOURCE-PASSWORD'
      }
    }
  }
}

resource targetService 'Microsoft.DataFactory/factories/linkedservices@2018-06-01' = {
  parent: factory
  name: 'target'
  dependsOn: [onPremises]
  properties: {
    type: 'AzureSqlDatabase'
    connectVia: runtime
    typeProperties: {
      server: target.server
      database: target.database
      encrypt: 'mandatory'
      trustServerCertificate: false
      authenticationType: 'SystemAssignedManagedIdentity'
    }
  }
}

resource sourceTable 'Microsoft.DataFactory/factories/datasets@2018-06-01' = {
  parent: factory
  name: 'SourceTable'
  properties: {
    type: 'SqlServerTable'
    linkedServiceName: { referenceName: sourceService.name, type: 'LinkedServiceReference' }
    parameters: { table: { type: 'String' } }
    typeProperties: {
      schema: source.schema
      table: { value: '@dataset().table', type: 'Expression' }
    }
  }
}

resource incomingTable 'Microsoft.DataFactory/factories/datasets@2018-06-01' = {
  parent: factory
  name: 'IncomingTable'
  properties: {
    type: 'AzureSqlTable'
    linkedServiceName: { referenceName: targetService.name, type: 'LinkedServiceReference' }
    parameters: { table: { type: 'String' } }
    typeProperties: {
      schema: target.incomingSchema
      table: { value: '@dataset().table', type: 'Expression' }
    }
  }
}

func listed(columns string[]) string => join(map(columns, column => '[${column}]'), ', ')

// What the loop is over: nothing but names.
var copies = map(tables, table => {
  name: table.name
  query: 'SELECT ${listed(table.columns)} FROM [${source.schema}].[${table.name}]'
  empties: 'DELETE FROM [${target.incomingSchema}].[${table.name}]'
})

var refusals = map(
  neverEmpty,
  name =>
    'IF NOT EXISTS (SELECT 1 FROM [${target.incomingSchema}].[${name}]) THROW 50003, \'The copy brought no row of ${name}. The SSD in Azure was left as it was before, and the run was not started.\', 1;'
)
var replacements = map(
  tables,
  table =>
    join(
      [
        'DELETE FROM [${target.schema}].[${table.name}];'
        'INSERT INTO [${target.schema}].[${table.name}] (${listed(table.columns)})'
        'SELECT ${listed(table.columns)} FROM [${target.incomingSchema}].[${table.name}];'
      ],
      '\n'
    )
)
// With XACT_ABORT any error leaves the SSD as it was before.
var takesOver = join(
  concat(['SET XACT_ABORT ON;'], refusals, ['BEGIN TRANSACTION;'], replacements, ['COMMIT TRANSACTION;']),
  '\n'
)

resource refresh 'Microsoft.DataFactory/factories/pipelines@2018-06-01' = {
  parent: factory
  name: 'refresh-ssd'
  properties: {
    description: 'Copies every table, replaces the SSD in one transaction, and starts the nightly run.'
    concurrency: 1
    // Not in an expression, which may have 8,192 characters.
    parameters: { tables: { type: 'Array', defaultValue: copies } }
    activities: [
      {
        name: 'Copy every table'
        type: 'ForEach'
        typeProperties: {
          isSequential: false
          batchCount: 4
          items: { value: '@pipeline().parameters.tables', type: 'Expression' }
          activities: [
            {
              name: 'Copy one table'
              type: 'Copy'
              policy: { timeout: '0.02:00:00', retry: 2, retryIntervalInSeconds: 60 }
              inputs: [
                {
                  referenceName: sourceTable.name
                  type: 'DatasetReference'
                  parameters: { table: '@item().name' }
                }
              ]
              outputs: [
                {
                  referenceName: incomingTable.name
                  type: 'DatasetReference'
                  parameters: { table: '@item().name' }
                }
              ]
              typeProperties: {
                source: {
                  type: 'SqlServerSource'
                  sqlReaderQuery: { value: '@item().query', type: 'Expression' }
                  queryTimeout: '01:00:00'
                }
                sink: {
                  type: 'AzureSqlSink'
                  writeBehavior: 'insert'
                  // A repeat begins again with an empty table.
                  preCopyScript: { value: '@item().empties', type: 'Expression' }
                }
                enableStaging: false
                enableSkipIncompatibleRow: false
                validateDataConsistency: true
              }
            }
          ]
        }
      }
      {
        name: 'Take over'
        type: 'Script'
        dependsOn: [{ activity: 'Copy every table', dependencyConditions: ['Succeeded'] }]
        policy: { timeout: '0.01:00:00', retry: 2, retryIntervalInSeconds: 60 }
        linkedServiceName: { referenceName: targetService.name, type: 'LinkedServiceReference' }
        typeProperties: {
          scriptBlockExecutionTimeout: '01:00:00'
          scripts: [{ type: 'NonQuery', text: takesOver }]
        }
      }
      {
        name: 'Get the key'
        type: 'WebActivity'
        dependsOn: [{ activity: 'Take over', dependencyConditions: ['Succeeded'] }]
        policy: { timeout: '0.00:10:00', retry: 3, retryIntervalInSeconds: 60, secureOutput: true }
        typeProperties: {
          method: 'GET'
          url: '${vault.properties.vaultUri}secrets/SSD-REFRESH-KEY?api-version=7.4'
          authentication: { type: 'MSI', resource: 'https://${substring(environment().suffixes.keyvaultDns, 1)}' }
          connectVia: runtime
        }
      }
      {
        name: 'Start the run'
        type: 'WebActivity'
        dependsOn: [{ activity: 'Get the key', dependencyConditions: ['Succeeded'] }]
        // A repeat is answered with the same run.
        policy: { timeout: '0.00:10:00', retry: 5, retryIntervalInSeconds: 120, secureInput: true }
        typeProperties: {
          method: 'POST'
          url: 'https://${appHostName}/api/runs'
          headers: {
            'content-type': 'application/json'
            'x-functions-key': '@activity(\'Get the key\').output.value'
          }
          body: '{"scope":"outstanding","startedBy":"refresh"}'
          authentication: { type: 'MSI', resource: appAudience }
          connectVia: runtime
        }
      }
    ]
  }
}

// Azure refuses to change a trigger that is started: a later deployment leaves it alone.
@onlyIfNotExists()
resource everyDay 'Microsoft.DataFactory/factories/triggers@2018-06-01' = {
  parent: factory
  name: 'every-day'
  properties: {
    type: 'ScheduleTrigger'
    description: 'Made stopped. Its hour holds in winter and summer.'
    pipelines: [{ pipelineReference: { referenceName: refresh.name, type: 'PipelineReference' } }]
    typeProperties: {
      recurrence: {
        frequency: 'Day'
        interval: 1
        startTime: '${startDate}T00:00:00'
        timeZone: 'GMT Standard Time'
        schedule: { hours: [startsAt.hour], minutes: [startsAt.minute] }
      }
    }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: factory
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

@description('Object id of the identity of the factory.')
output principalId string = factory.identity.principalId

@description('Resource id of the factory.')
output factoryId string = factory.id
