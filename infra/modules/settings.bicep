metadata description = 'The settings of the sender that have a default. docs/settings.md explains each; a test holds this list to shared/settings/.'

@description('A yes or no, as app settings have it.')
type yesNo = 'true' | 'false'

@description('What a run sends: the submission mode.')
type submissionMode = 'changes' | 'snapshot' | 'partial'

@description('What is sent about a care worker without a Social Work England number: nothing, or the worker\'s own id.')
type unregisteredWorkers = 'leaveOut' | 'sendWorkerId'

@export()
@sealed()
@description('Settings a council may give. All values are strings, since app settings are. What is left out keeps its default.')
type optionalSettings = {
  @description('The reference of the signed data-sharing agreement with DfE. Without it nothing about a real child is sent.')
  AGREEMENT_REFERENCE: string?
  @description('The date on which the agreement was signed, yyyy-MM-dd.')
  AGREEMENT_DATE: string?
  @description('The categories that the agreement covers: all, or a comma list.')
  AGREEMENT_CATEGORIES: string?
  @description('The months of history that the agreement covers.')
  AGREEMENT_WINDOW_MONTHS: string?
  @description('The receivers of DfE that the agreement covers: test, live, or both as a comma list.')
  AGREEMENT_RECEIVERS: string?
  @description('Categories that are left out although the agreement covers them, as a comma list, or none.')
  CATEGORIES_LEFT_OUT: string?
  @description('Addresses that DfE has given the authority and the release does not know, as a comma list.')
  DFE_FURTHER_ADDRESSES: string?
  @description('The User-Agent header.')
  DFE_USER_AGENT: string?
  @description('How long one POST may take, in seconds.')
  DFE_TIMEOUT_SECONDS: string?
  @description('How long a POST that DfE cannot take is repeated, in seconds.')
  DFE_RETRY_SECONDS: string?
  @description('The most POSTs under way at a time, over all instances.')
  DFE_POSTS_IN_FLIGHT: string?
  @description('The most POSTs a second, over all instances.')
  DFE_POSTS_PER_SECOND: string?
  @description('How long the secrets of the Key Vault are kept in memory, in minutes.')
  SECRETS_CACHE_MINUTES: string?
  @description('systemc, mosaic, eclipse, or the file of a profile of your own in the folder profiles/ of the repository, as profiles/ours.json.')
  SSD_PROFILE: string?
  @description('The database schema of the SSD tables.')
  SSD_SCHEMA: string?
  @description('Whether every row of the SSD is invented.')
  SSD_SYNTHETIC: yesNo?
  @description('What the pseudonyms for a test receiver make less exact, as a comma list, or none.')
  PSEUDONYMS_GENERALISE: string?
  @description('The staging table, with its schema where that is not the default one of the app\'s user.')
  STAGING_TABLE: string?
  @description('What a run sends: the submission mode.')
  SUBMISSION_MODE: submissionMode?
  @description('The collection year whose national code lists are used. Without it, the one of the date of the run.')
  COLLECTION_YEAR: string?
  @description('Words that are kept from the refusals of DfE, in addition to those of the published messages, as a comma list.')
  DFE_VOCABULARY: string?
  @description('Which inclusion sets of the cohort are on, as a comma list.')
  COHORT_INCLUSION_SETS: string?
  @description('The age gate, in years.')
  COHORT_AGE_LIMIT: string?
  @description('How many months the window goes back at least, as agreed: 1 to 36.')
  COHORT_WINDOW_MONTHS: string?
  @description('The same for plans, where fewer months of them are agreed.')
  COHORT_PLANS_MONTHS: string?
  @description('The same for placements, where fewer months of them are agreed.')
  COHORT_PLACEMENTS_MONTHS: string?
  @description('How many days the row of a child who has left stays in the staging table, or 0 for ever.')
  STAGING_LEAVERS_KEPT_DAYS: string?
  @description('A table with the authority\'s own list of the cohort.')
  COHORT_LIST_TABLE: string?
  @description('A table with the few children to send before going live.')
  COHORT_ALLOW_LIST_TABLE: string?
  @description('Which gates a care worker must pass, as a comma list.')
  CARE_WORKER_GATES: string?
  @description('What is sent of a care worker without a Social Work England number.')
  UNREGISTERED_WORKERS: unregisteredWorkers?
  @description('The column of ssd_professionals that is sent as a worker\'s registration.')
  WORKER_REGISTRATION_COLUMN: string?
  @description('The file in which the council changes rules, in the folder rules/ of the repository, as rules/ours.json.')
  RULES_FILE: string?
  @description('The most children one POST carries.')
  CHUNK_MAX_CHILDREN: string?
  @description('The most bytes one POST carries.')
  CHUNK_MAX_BYTES: string?
  @description('How many people are read and built at a time.')
  EXTRACT_RANGE_SIZE: string?
  @description('The share of leavers above which a run is paused.')
  MAX_LEAVERS_PERCENT: string?
  @description('The share of the rows of a table whose loss pauses a run.')
  MAX_TABLE_FALL_PERCENT: string?
  @description('The share of ids that are gone above which a run is paused.')
  MAX_ID_CHURN_PERCENT: string?
  @description('How long a paused run waits for approval.')
  HELD_RUN_EXPIRES_HOURS: string?
  @description('Whether the end of the refresh of the SSD starts the nightly run, and the timer only where it has not.')
  RUN_STARTED_BY_REFRESH: yesNo?
  @description('True: a function key alone is not enough for the HTTP API (docs/http.md, Who may call).')
  HTTP_NEEDS_SIGN_IN: string?
  @description('The page on which Data to Insight helps, linked on every web page.')
  HELP_D2I_URL: string?
  @description('The guidance of DfE, linked on every web page.')
  HELP_DFE_URL: string?
  @description('Read by Node.js itself: an outbound proxy (docs/onboarding.md, Networks).')
  HTTPS_PROXY: string?
  @description('Read by Node.js itself: what is reached without the proxy.')
  NO_PROXY: string?
  @description('Read by Node.js itself: a file with the certificate of a proxy that opens TLS.')
  NODE_EXTRA_CA_CERTS: string?
}
