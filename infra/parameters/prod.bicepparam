// Production in a landing zone: private, names in DNS written by its policy, the SQL server and the workspace that are
// there already. What is 00000000-... or says to-be-set is for the council to fill in.
using '../main.bicep'

param environmentName = 'prod'
param location = 'uksouth'
param tags = { owner: 'children-services', costCentre: 'to-be-set', dataClassification: 'OFFICIAL-SENSITIVE' }

param networkMode = 'create'
param virtualNetworkPrefix = '10.80.0.0/24'
param appSubnetPrefix = '10.80.0.0/26'
param endpointSubnetPrefix = '10.80.0.64/27'
// The networks of the pipeline's agents and of those who call the HTTP API.
param trustedPrefixes = ['10.20.0.0/24']
param deployNatGateway = true
param privateDnsMode = 'policy'
// Without these two nobody reaches this network, and the app finds no private endpoint: the hub to peer with, whose owner
// makes the other half (output hubPeering), and the resolver there that knows the private DNS zones.
param hubNetworkId = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/to-be-set/providers/Microsoft.Network/virtualNetworks/to-be-set'
param dnsServers = ['10.20.0.4']
// true only after the hub has made its half, where a VPN or ExpressRoute gateway of the hub leads to the council's offices.
param useHubGateway = false

param sqlMode = 'existing'
param existingSqlServerHost = 'to-be-set.database.windows.net'
param existingSqlServerId = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/to-be-set/providers/Microsoft.Sql/servers/to-be-set'
param sqlEndpointNeedsApproval = true
param sqlDatabaseName = 'to-be-set'

param laCode = '999'
param dfeReceiver = 'live'
param dfeApiBaseUrl = 'https://pp-api.education.gov.uk/children-in-social-care-data-receiver/1'
param dfeTokenUrl = 'https://login.microsoftonline.com/the-tenant-dfe-gives/oauth2/v2.0/token'
param dfeScope = 'api://the-app-dfe-gives/.default'
// The timer is on from the first deployment. Until this line goes (docs/onboarding.md, phase 5), nobody is sent who is not
// in that table; where the table is missing, nobody at all.
param settings = {
  // What the signed data-sharing agreement says: docs/agreement.md. Without it no child is sent.
  AGREEMENT_REFERENCE: ''
  AGREEMENT_DATE: ''
  AGREEMENT_CATEGORIES: ''
  AGREEMENT_WINDOW_MONTHS: ''
  AGREEMENT_RECEIVERS: ''
  COHORT_ALLOW_LIST_TABLE: 'csc_first_children'
}

// Without it nobody can open the web pages: docs/deploy.md, Sign-in with Entra ID.
param signInClientId = ''

// Examples, not advice: the controller decides how long payloads, the record of disclosures and earlier versions are
// kept (docs/ledger.md). Immutability delays an erasure by as many days.
param storageSku = 'Standard_ZRS'
param zoneRedundant = true
param runsRetentionDays = 90
param ledgerRetentionDays = 365
param versionRetentionDays = 30
param blobSoftDeleteDays = 30
param immutabilityDays = 14
// No erasure takes anything out of the ledger, so that its entries can be kept from change for longer.
param ledgerImmutabilityDays = 180
// Locks need the role Owner or User Access Administrator. Where the pipeline has it, true; else the platform team locks
// the storage account of the results and the vault (infra/README.md).
param deployLocks = false

// Where the pipeline may assign roles, say true; else the output roles goes to the platform team.
param deployRoleAssignments = false
// An environment of version 0.1: false until the platform team has assigned what the output roles lists. A new one works
// before that in neither case.
param narrowRoles = true
// Made once with ../ledger-role.bicep: docs/deploy.md, The role that only adds.
param ledgerRoleId = '00000000-0000-0000-0000-000000000000'
param analystsGroupId = '00000000-0000-0000-0000-000000000000'
param resultsReadersGroupId = '00000000-0000-0000-0000-000000000000'
param pipelinePrincipalId = '00000000-0000-0000-0000-000000000000'

param existingWorkspaceId = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/to-be-set/providers/Microsoft.OperationalInsights/workspaces/to-be-set'
param alertEmails = ['children-data@council.example', 'service-desk@council.example']
param runbookBaseUrl = 'https://dev.azure.com/council/project/_git/csc-api-sender?path=/docs/runbooks'
param budgetAmount = 250
