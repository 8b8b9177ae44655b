metadata description = 'Private endpoints, and their entries in DNS where the landing zone does not write them itself.'

@description('One private endpoint: its name, what it leads to, the sub-resource there (blob, queue, table, vault, sqlServer, sites), and whether it needs an approval.')
type privateEndpoint = {
  @description('Name of the private endpoint.')
  name: string
  @description('Resource id of what it leads to.')
  targetId: string
  @description('The sub-resource, which Azure calls group id.')
  group: string
  @description('Whether it waits until the owner of the target approves it, because the deployer may not.')
  needsApproval: bool
}

@description('The private endpoints.')
param endpoints privateEndpoint[]

@description('Azure region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Resource id of the subnet of the private endpoints.')
param subnetId string

@description('Resource ids of the private DNS zones, by sub-resource; empty where a policy writes the entries.')
param zoneIds { *: string }

// Azure makes one private endpoint of a storage account at a time; several at once fail at random.
@batchSize(1)
resource privateEndpoints 'Microsoft.Network/privateEndpoints@2025-05-01' = [
  for endpoint in endpoints: {
    name: endpoint.name
    location: location
    tags: tags
    properties: {
      subnet: { id: subnetId }
      customNetworkInterfaceName: '${endpoint.name}-nic'
      privateLinkServiceConnections: endpoint.needsApproval
        ? []
        : [
            {
              name: endpoint.group
              properties: {
                privateLinkServiceId: endpoint.targetId
                groupIds: [endpoint.group]
              }
            }
          ]
      manualPrivateLinkServiceConnections: endpoint.needsApproval
        ? [
            {
              name: endpoint.group
              properties: {
                privateLinkServiceId: endpoint.targetId
                groupIds: [endpoint.group]
                requestMessage: 'csc-api-sender reads the SSD and writes its staging table.'
              }
            }
          ]
        : []
    }
  }
]

resource dnsEntries 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-05-01' = [
  for (endpoint, index) in endpoints: if (contains(zoneIds, endpoint.group)) {
    parent: privateEndpoints[index]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: endpoint.group
          properties: { privateDnsZoneId: zoneIds[endpoint.group] }
        }
      ]
    }
  }
]
