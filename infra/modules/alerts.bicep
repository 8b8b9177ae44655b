metadata description = 'One alert for each thing that someone has to know, each with the page that says what to do.'

@description('Azure region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Name of the action group, where one is made.')
param actionGroupName string

@description('Mail addresses that alerts go to; ignored where an action group is given.')
param emails string[]

@description('Resource id of an action group that is there; empty to make one.')
param existingActionGroupId string

@description('Start of the names of the alerts.')
param namePrefix string

@description('Resource id of the workspace that is asked.')
param workspaceId string

@description('The environment whose telemetry counts: others may use the same workspace.')
param environmentName string

@description('Address of the folder of the runbooks; an alert adds its name and .md.')
param runbookBaseUrl string

@description('Names of alerts that are switched off.')
param disabledAlerts string[]

@description('Percentage of failed calls to DfE within an hour above which an alert is raised.')
param failedCallsPercent int

var ofThisEnvironment = '\n| where environment == \'${environmentName}\''

/*
When an alert is raised: with column '', when its query returns a row; otherwise when the highest value of that column
meets operator and threshold. A query looks back over window, or over reach where that is given. Azure allows two days
at most for both, even if the query itself looks back further. Windows are longer than frequencies because telemetry
may come late; an alert is raised once until it is resolved.
*/
var alerts = [
  {
    name: 'no-completed-run'
    title: 'No run has completed'
    severity: 1
    frequency: 'PT1H'
    window: 'P1D'
    reach: 'P2D'
    // This query counts, so it gives a row even without any telemetry. The environment must be set inside it.
    query: replace(
      loadTextContent('../kql/no-completed-run.kql'),
      'let onlyEnvironment = \'\'',
      'let onlyEnvironment = \'${environmentName}\''
    )
    column: 'completedRuns'
    operator: 'LessThan'
    threshold: 1
  }
  {
    name: 'run-failed'
    title: 'A run has failed'
    severity: 1
    frequency: 'PT15M'
    window: 'PT1H'
    reach: ''
    query: '${loadTextContent('../kql/run-failed.kql')}${ofThisEnvironment}'
    column: ''
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'not-sent'
    title: 'A run has not sent the children it had to send'
    severity: 1
    frequency: 'PT1H'
    // A day, so that it includes a run whose events have the time of a wrong clock.
    window: 'P1D'
    reach: ''
    query: '${loadTextContent('../kql/not-sent.kql')}${ofThisEnvironment}'
    column: ''
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'turned-away'
    title: 'A message or a batch was not what the run had planned'
    severity: 2
    frequency: 'PT1H'
    window: 'P1D'
    reach: ''
    query: '${loadTextContent('../kql/turned-away.kql')}${ofThisEnvironment}'
    column: ''
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'run-held'
    title: 'A run is held and waits for approval'
    severity: 2
    frequency: 'PT15M'
    window: 'P1D'
    reach: 'P2D'
    query: '${loadTextContent('../kql/run-held.kql')}${ofThisEnvironment}'
    column: ''
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'stuck-run'
    title: 'A run began and has not ended'
    severity: 2
    frequency: 'PT30M'
    window: 'P1D'
    reach: 'P2D'
    query: '${loadTextContent('../kql/stuck-run.kql')}${ofThisEnvironment}'
    column: ''
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'poisoned'
    title: 'A chunk was given up'
    severity: 1
    frequency: 'PT15M'
    window: 'PT1H'
    reach: ''
    query: '${loadTextContent('../kql/poisoned.kql')}${ofThisEnvironment}'
    column: ''
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'new-refusals'
    title: 'DfE refuses children by a rule that was not seen before'
    severity: 3
    frequency: 'PT1H'
    window: 'P1D'
    reach: 'P2D'
    query: '${loadTextContent('../kql/new-refusals.kql')}${ofThisEnvironment}'
    column: ''
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'refused-share'
    title: 'DfE refuses a large share of the children'
    severity: 2
    frequency: 'PT1H'
    window: 'P1D'
    reach: ''
    query: '${loadTextContent('../kql/refused-share.kql')}${ofThisEnvironment}'
    column: ''
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'volume'
    title: 'Far fewer children than the night before'
    severity: 2
    frequency: 'PT1H'
    window: 'P1D'
    reach: 'P2D'
    query: '${loadTextContent('../kql/volume.kql')}${ofThisEnvironment}'
    column: ''
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'token-and-secret-failures'
    title: 'DfE or the Key Vault does not accept the credentials'
    severity: 1
    frequency: 'PT15M'
    window: 'P1D'
    reach: 'P2D'
    query: '${loadTextContent('../kql/token-and-secret-failures.kql')}${ofThisEnvironment}'
    column: ''
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'secret-expiry'
    title: 'A credential for DfE expires soon'
    severity: 2
    frequency: 'P1D'
    window: 'P1D'
    reach: 'P2D'
    query: '${loadTextContent('../kql/secret-expiry.kql')}${ofThisEnvironment}'
    column: ''
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'api-status'
    title: 'DfE fails a large share of the calls'
    severity: 2
    frequency: 'PT30M'
    window: 'PT2H'
    reach: ''
    query: '${loadTextContent('../kql/api-status.kql')}${ofThisEnvironment}'
    column: 'failedPercent'
    operator: 'GreaterThan'
    threshold: failedCallsPercent
  }
  {
    name: 'workspace-cap'
    title: 'The workspace has reached its daily cap and takes no more telemetry'
    severity: 2
    frequency: 'PT30M'
    window: 'PT2H'
    reach: ''
    // Azure's own message. It is not a query for analysts, so it has no file.
    query: '_LogOperation | where Category =~ "Ingestion" and Detail has "OverQuota"'
    column: ''
    operator: 'GreaterThan'
    threshold: 0
  }
]

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = if (empty(existingActionGroupId)) {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'csc-sender'
    emailReceivers: [
      for (email, index) in emails: {
        name: 'mail-${index}'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

var actionGroupId = empty(existingActionGroupId) ? actionGroup.id : existingActionGroupId

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in alerts: {
    name: '${namePrefix}-${alert.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: alert.title
      description: 'What to do: ${runbookBaseUrl}/${alert.name}.md'
      severity: alert.severity
      enabled: !contains(disabledAlerts, alert.name)
      scopes: [workspaceId]
      evaluationFrequency: alert.frequency
      windowSize: alert.window
      overrideQueryTimeRange: empty(alert.reach) ? null : alert.reach
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: empty(alert.column) ? 'Count' : 'Maximum'
            metricMeasureColumn: empty(alert.column) ? null : alert.column
            operator: alert.operator
            threshold: alert.threshold
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      autoMitigate: true
      // A new workspace does not have the tables yet.
      skipQueryValidation: true
      actions: {
        actionGroups: [actionGroupId]
        customProperties: { runbook: '${runbookBaseUrl}/${alert.name}.md' }
      }
    }
  }
]

@description('Resource id of the action group.')
output actionGroupId string = actionGroupId
