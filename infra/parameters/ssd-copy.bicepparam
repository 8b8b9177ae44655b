// The optional copy of the SSD to Azure SQL (docs/ssd-copy.md), next to an environment that prod.bicepparam has made.
// What is 00000000-... or says to-be-set is for the council to fill in.
using '../ssd-copy.bicep'

param environmentName = 'prod'
param location = 'uksouth'
param tags = { owner: 'children-services', costCentre: 'to-be-set', dataClassification: 'OFFICIAL-SENSITIVE' }

// The subnet of the private endpoints of the app: the integration runtime reaches it already.
param endpointSubnetId = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/to-be-set/providers/Microsoft.Network/virtualNetworks/to-be-set/subnets/snet-endpoints'
param workspaceId = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/to-be-set/providers/Microsoft.OperationalInsights/workspaces/to-be-set'

// As SSD_PROFILE and SSD_SCHEMA of the app.
param ssdProfile = 'systemc'
param target = {
  server: 'to-be-set.database.windows.net'
  database: 'to-be-set'
  schema: 'ssd_development'
  incomingSchema: 'ssd_incoming'
}
param source = {
  server: 'to-be-set'
  database: 'to-be-set'
  schema: 'ssd_development'
  authenticationType: 'Windows'
  userName: 'COUNCIL\\svc-ssd-copy'
}
// Tables and columns that the source does not have: the preflight check ssdTables names them.
param leftOut = []

param appHostName = 'to-be-set.azurewebsites.net'
param signInClientId = '00000000-0000-0000-0000-000000000000'

// In London, in winter and summer: after the source has been built, and after midnight.
param startsAt = { hour: 0, minute: 30 }

// Where the pipeline may assign roles, say true; else the output roles goes to the platform team.
param deployRoleAssignments = false
