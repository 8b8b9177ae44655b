metadata description = 'A virtual network with a subnet for each app, one for the private endpoints of each, and one fixed address for all that leaves.'

@export()
@description('The two subnets of one app.')
type subnetPair = {
  @description('Name of the subnet of the app. No underscore: Flex Consumption refuses it.')
  appSubnetName: string
  @description('Addresses of the subnet of the app, in CIDR; /26 for one Flex Consumption app.')
  appSubnetPrefix: string
  @description('Name of the network security group of the app.')
  appSecurityGroupName: string
  @description('Name of the subnet of the private endpoints.')
  endpointSubnetName: string
  @description('Addresses of the subnet of the private endpoints, in CIDR.')
  endpointSubnetPrefix: string
  @description('Name of the network security group of the private endpoints.')
  endpointSecurityGroupName: string
}

@description('Azure region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Name of the virtual network.')
param virtualNetworkName string

@description('Address space of the virtual network, in CIDR.')
param addressPrefix string

@description('DNS servers of the virtual network; empty for those of Azure.')
param dnsServers string[]

@description('Resource id of the virtual network (the hub) to peer with; empty for none.')
param hubNetworkId string

@description('Whether the gateway of the hub is used.')
param useHubGateway bool

@description('The subnets of each app. An app reaches its own private endpoints and no others.')
param pairs subnetPair[]

@description('Networks of the council that may reach the private endpoints: agents, analysts, the DBA. In CIDR.')
param trustedPrefixes string[]

@description('Whether a NAT gateway with a fixed address takes what leaves the subnet of the app.')
param deployNatGateway bool

@description('Name of the NAT gateway.')
param natGatewayName string

@description('Name of the public address that DfE sees.')
param egressAddressName string

@description('Resource id of the route table of the council\'s firewall; empty for none.')
param routeTableId string

@description('Resource id of the Log Analytics workspace that takes the diagnostics.')
param workspaceId string

resource appSecurityGroups 'Microsoft.Network/networkSecurityGroups@2025-05-01' = [
  for pair in pairs: {
    name: pair.appSecurityGroupName
    location: location
    tags: tags
    properties: {
      securityRules: [
        {
          name: 'AllowHttpsOut'
          properties: {
            description: 'DfE, Entra ID and Azure Monitor.'
            priority: 100
            direction: 'Outbound'
            access: 'Allow'
            protocol: 'Tcp'
            sourceAddressPrefix: pair.appSubnetPrefix
            sourcePortRange: '*'
            destinationAddressPrefix: 'Internet'
            destinationPortRange: '443'
          }
        }
        {
          name: 'DenyInternetOut'
          properties: {
            description: 'Nothing else leaves.'
            priority: 4000
            direction: 'Outbound'
            access: 'Deny'
            protocol: '*'
            sourceAddressPrefix: '*'
            sourcePortRange: '*'
            destinationAddressPrefix: 'Internet'
            destinationPortRange: '*'
          }
        }
        {
          name: 'DenyInternetIn'
          properties: {
            description: 'No calls reach the app here: its HTTP API has a private endpoint.'
            priority: 4000
            direction: 'Inbound'
            access: 'Deny'
            protocol: '*'
            sourceAddressPrefix: 'Internet'
            sourcePortRange: '*'
            destinationAddressPrefix: '*'
            destinationPortRange: '*'
          }
        }
      ]
    }
  }
]

resource endpointSecurityGroups 'Microsoft.Network/networkSecurityGroups@2025-05-01' = [
  for pair in pairs: {
    name: pair.endpointSecurityGroupName
    location: location
    tags: tags
    properties: {
      securityRules: [
        {
          name: 'AllowServicesIn'
          properties: {
            description: 'Storage, Key Vault and the HTTP API at 443, SQL at 1433.'
            priority: 100
            direction: 'Inbound'
            access: 'Allow'
            protocol: 'Tcp'
            sourceAddressPrefixes: union([pair.appSubnetPrefix], trustedPrefixes)
            sourcePortRange: '*'
            destinationAddressPrefix: pair.endpointSubnetPrefix
            destinationPortRanges: ['443', '1433']
          }
        }
        {
          name: 'DenyAllIn'
          properties: {
            description: 'No one else in the network.'
            priority: 4000
            direction: 'Inbound'
            access: 'Deny'
            protocol: '*'
            sourceAddressPrefix: '*'
            sourcePortRange: '*'
            destinationAddressPrefix: '*'
            destinationPortRange: '*'
          }
        }
      ]
    }
  }
]

resource egressAddress 'Microsoft.Network/publicIPAddresses@2025-05-01' = if (deployNatGateway) {
  name: egressAddressName
  location: location
  tags: tags
  sku: { name: 'Standard', tier: 'Regional' }
  properties: {
    publicIPAllocationMethod: 'Static'
    publicIPAddressVersion: 'IPv4'
  }
}

resource natGateway 'Microsoft.Network/natGateways@2025-05-01' = if (deployNatGateway) {
  name: natGatewayName
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: {
    idleTimeoutInMinutes: 10
    publicIpAddresses: [{ id: egressAddress.id }]
  }
}

var routeTable = empty(routeTableId) ? null : { id: routeTableId }
var natOfApp = deployNatGateway ? { id: natGateway.id } : null
var dhcpOptions = empty(dnsServers) ? null : { dnsServers: dnsServers }

var appSubnets = [
  for pair in pairs: {
    name: pair.appSubnetName
    properties: {
      addressPrefix: pair.appSubnetPrefix
      networkSecurityGroup: { id: resourceId('Microsoft.Network/networkSecurityGroups', pair.appSecurityGroupName) }
      natGateway: natOfApp
      routeTable: routeTable
      defaultOutboundAccess: false
      delegations: [
        {
          name: 'flex-consumption'
          properties: { serviceName: 'Microsoft.App/environments' }
        }
      ]
    }
  }
]

var endpointSubnets = [
  for pair in pairs: {
    name: pair.endpointSubnetName
    properties: {
      addressPrefix: pair.endpointSubnetPrefix
      networkSecurityGroup: {
        id: resourceId('Microsoft.Network/networkSecurityGroups', pair.endpointSecurityGroupName)
      }
      defaultOutboundAccess: false
      privateEndpointNetworkPolicies: 'Enabled'
    }
  }
]

resource virtualNetwork 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: virtualNetworkName
  location: location
  tags: tags
  dependsOn: [appSecurityGroups, endpointSecurityGroups]
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    dhcpOptions: dhcpOptions
    subnets: concat(appSubnets, endpointSubnets)
  }
}

// This half only: the owner of the hub makes the other one.
resource peering 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings@2025-05-01' = if (!empty(hubNetworkId)) {
  parent: virtualNetwork
  name: 'to-hub'
  properties: {
    remoteVirtualNetwork: { id: hubNetworkId }
    allowVirtualNetworkAccess: true
    allowForwardedTraffic: true
    allowGatewayTransit: false
    useRemoteGateways: useHubGateway
  }
}

resource appSecurityGroupDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = [
  for (pair, index) in pairs: {
    name: 'to-workspace'
    scope: appSecurityGroups[index]
    properties: {
      workspaceId: workspaceId
      logs: [{ categoryGroup: 'allLogs', enabled: true }]
    }
  }
]

resource endpointSecurityGroupDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = [
  for (pair, index) in pairs: {
    name: 'to-workspace'
    scope: endpointSecurityGroups[index]
    properties: {
      workspaceId: workspaceId
      logs: [{ categoryGroup: 'allLogs', enabled: true }]
    }
  }
]

resource egressAddressDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (deployNatGateway) {
  name: 'to-workspace'
  scope: egressAddress
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

resource virtualNetworkDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: virtualNetwork
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

@description('The address DfE sees, to be allowed there; empty without a NAT gateway.')
output egressAddress string = deployNatGateway ? egressAddress!.properties.ipAddress : ''
