metadata description = 'A key of the council in place of one of Microsoft, and how a storage account is encrypted with it or without.'

@export()
@description('A key in a Key Vault of the council.')
type customerKey = {
  @description('Address of the vault, such as https://council-keys.vault.azure.net.')
  vaultUri: string
  @description('Name of the key.')
  keyName: string
  @description('Version of the key. SQL Server begins with it and follows to newer ones; storage always takes the newest.')
  keyVersion: string
  @description('Resource id of the user-assigned identity that may use the key.')
  identityId: string
}

@export()
@description('How a storage account is encrypted. Keys of the account for queues and tables, and the second layer, hold from its creation on.')
func encryptionOf(key customerKey?, encryptsTwice bool) resourceInput<'Microsoft.Storage/storageAccounts@2025-06-01'>.properties.encryption => {
  keySource: key == null ? 'Microsoft.Storage' : 'Microsoft.Keyvault'
  requireInfrastructureEncryption: encryptsTwice ? true : null
  identity: key == null ? null : { userAssignedIdentity: key!.identityId }
  keyvaultproperties: key == null ? null : { keyvaulturi: key!.vaultUri, keyname: key!.keyName }
  services: union(
    {
      blob: { enabled: true, keyType: 'Account' }
      file: { enabled: true, keyType: 'Account' }
    },
    encryptsTwice
      ? {
          queue: { enabled: true, keyType: 'Account' }
          table: { enabled: true, keyType: 'Account' }
        }
      : {}
  )
}
