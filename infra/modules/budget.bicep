metadata description = 'Warns when the month costs more than expected. It stops nothing.'

@description('Name of the budget.')
param name string

@description('Amount for a month, in the currency of the subscription.')
@minValue(1)
param amount int

@description('First day of the first month, as yyyy-MM-01, which Azure never changes; empty for this month where there is no budget yet, and for leaving alone the one that is there.')
param startDate string

@description('First day of this month, as yyyy-MM-01.')
param currentMonth string

@description('Resource id of the action group that is notified.')
param actionGroupId string

func propertiesOf(amount int, startDate string, actionGroupId string) resourceInput<'Microsoft.Consumption/budgets@2024-08-01'>.properties => {
  category: 'Cost'
  amount: amount
  timeGrain: 'Monthly'
  timePeriod: { startDate: startDate }
  notifications: {
    actual: {
      enabled: true
      operator: 'GreaterThanOrEqualTo'
      threshold: 80
      thresholdType: 'Actual'
      contactEmails: []
      contactGroups: [actionGroupId]
    }
    forecast: {
      enabled: true
      operator: 'GreaterThanOrEqualTo'
      threshold: 100
      thresholdType: 'Forecasted'
      contactEmails: []
      contactGroups: [actionGroupId]
    }
  }
}

resource budget 'Microsoft.Consumption/budgets@2024-08-01' = if (!empty(startDate)) {
  name: name
  properties: propertiesOf(amount, startDate, actionGroupId)
}

// With the date of a later month Azure would refuse the budget that is there.
@onlyIfNotExists()
resource firstBudget 'Microsoft.Consumption/budgets@2024-08-01' = if (empty(startDate)) {
  name: name
  properties: propertiesOf(amount, currentMonth, actionGroupId)
}
