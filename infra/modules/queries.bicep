metadata description = 'The queries of the analysts: a pack of them in Log Analytics, and the workbook.'

@description('Name of the query pack.')
param queryPackName string

@description('Name of the workbook, as people see it.')
param workbookTitle string

@description('Azure region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Resource id of the workspace that is asked.')
param workspaceId string

var queries = [
  { name: 'last-night', title: 'Last night', body: loadTextContent('../kql/last-night.kql') }
  { name: 'all-authorities', title: 'Last run of every authority', body: loadTextContent('../kql/all-authorities.kql') }
  { name: 'run-history', title: 'Runs and their results', body: loadTextContent('../kql/run-history.kql') }
  { name: 'nights', title: 'Nights, also those without a run', body: loadTextContent('../kql/nights.kql') }
  { name: 'run-phases', title: 'How long runs read and send', body: loadTextContent('../kql/run-phases.kql') }
  { name: 'run-log', title: 'What the functions warned of', body: loadTextContent('../kql/run-log.kql') }
  { name: 'function-times', title: 'How long functions take', body: loadTextContent('../kql/function-times.kql') }
  { name: 'findings', title: 'Findings by rule', body: loadTextContent('../kql/findings.kql') }
  { name: 'refusals-by-rule', title: 'Refused children by rule', body: loadTextContent('../kql/refusals-by-rule.kql') }
  { name: 'new-refusals', title: 'Rules not seen before', body: loadTextContent('../kql/new-refusals.kql') }
  { name: 'chunk-times', title: 'How long chunks take', body: loadTextContent('../kql/chunk-times.kql') }
  { name: 'api-status', title: 'What DfE answers, by hour', body: loadTextContent('../kql/api-status.kql') }
  { name: 'sql-times', title: 'How long the database takes, by hour', body: loadTextContent('../kql/sql-times.kql') }
  {
    name: 'token-and-secret-failures'
    title: 'Failures of credentials'
    body: loadTextContent('../kql/token-and-secret-failures.kql')
  }
  { name: 'volume', title: 'Children a night', body: loadTextContent('../kql/volume.kql') }
  { name: 'no-completed-run', title: 'Runs that completed', body: loadTextContent('../kql/no-completed-run.kql') }
  { name: 'stuck-run', title: 'Runs that have not ended', body: loadTextContent('../kql/stuck-run.kql') }
  { name: 'poisoned', title: 'Chunks that were given up', body: loadTextContent('../kql/poisoned.kql') }
  { name: 'run-failed', title: 'Runs that failed', body: loadTextContent('../kql/run-failed.kql') }
  { name: 'not-sent', title: 'Runs that did not send all', body: loadTextContent('../kql/not-sent.kql') }
  { name: 'turned-away', title: 'Messages and batches turned away', body: loadTextContent('../kql/turned-away.kql') }
  { name: 'run-held', title: 'Runs that were held', body: loadTextContent('../kql/run-held.kql') }
  { name: 'refused-share', title: 'Share of refused children', body: loadTextContent('../kql/refused-share.kql') }
  { name: 'secret-expiry', title: 'Credentials that expire soon', body: loadTextContent('../kql/secret-expiry.kql') }
]

resource queryPack 'Microsoft.OperationalInsights/queryPacks@2025-02-01' = {
  name: queryPackName
  location: location
  tags: tags
  properties: {}
}

resource packedQueries 'Microsoft.OperationalInsights/queryPacks/queries@2025-02-01' = [
  for query in queries: {
    parent: queryPack
    name: guid(queryPack.id, query.name)
    properties: {
      displayName: query.title
      description: 'infra/kql/${query.name}.kql'
      body: query.body
      related: { resourceTypes: ['microsoft.operationalinsights/workspaces'] }
    }
  }
]

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'csc-runs')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: workbookTitle
    category: 'workbook'
    sourceId: workspaceId
    serializedData: loadTextContent('../workbooks/csc-runs.workbook.json')
  }
}

@description('Resource id of the workbook.')
output workbookId string = workbook.id
