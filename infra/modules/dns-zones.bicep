metadata description = 'Private DNS zones of this resource group, for subscriptions without a hub.'

@description('Names of the zones.')
param zoneNames string[]

@description('Tags.')
param tags { *: string }

@description('Resource id of the virtual network in which the names are looked up.')
param virtualNetworkId string

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for zoneName in zoneNames: {
    name: zoneName
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zoneName, index) in zoneNames: {
    parent: zones[index]
    name: 'app-network'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: virtualNetworkId }
    }
  }
]
