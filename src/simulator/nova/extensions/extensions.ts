/** A part of the compute API that was once optional. Clients from that time ask whether it exists. */
export interface Extension {
  alias: string;
  name: string;
  description: string;
}

/** The parts that the simulated cloud has, by Nova's aliases and names. */
export const EXTENSIONS: readonly Extension[] = [
  extension('OS-DCF', 'DiskConfig', 'How the disk of a server is partitioned.'),
  extension('OS-EXT-AZ', 'ExtendedAvailabilityZone', 'The availability zone of a server.'),
  extension('OS-EXT-IPS', 'ExtendedIps', 'The type of an address of a server.'),
  extension('OS-EXT-IPS-MAC', 'ExtendedIpsMac', 'The hardware address of an address of a server.'),
  extension('OS-EXT-STS', 'ExtendedStatus', 'The operation in progress on a server.'),
  extension('OS-SCH-HNT', 'SchedulerHints', 'Wishes to the scheduler.'),
  extension('OS-SRV-USG', 'ServerUsage', 'When a server was launched and terminated.'),
  extension('os-access-ips', 'AccessIPs', 'Addresses by which a server is reached.'),
  extension('os-admin-password', 'AdminPassword', "Changing a server's password."),
  extension('os-attach-interfaces', 'AttachInterfaces', 'Attaching and detaching of interfaces.'),
  extension('os-availability-zone', 'AvailabilityZone', 'The availability zones.'),
  extension('os-block-device-mapping-v2-boot', 'BlockDeviceMappingV2Boot', 'The disks of a new server.'),
  extension('os-config-drive', 'ConfigDrive', 'The configuration drive of a server.'),
  extension('os-extended-volumes', 'ExtendedVolumes', 'The volumes of a server.'),
  extension('os-flavor-extra-specs', 'FlavorExtraSpecs', 'Extra specs of flavors.'),
  extension('os-instance-actions', 'InstanceActions', 'The history of a server.'),
  extension('os-keypairs', 'Keypairs', 'Key pairs.'),
  extension('os-lock-server', 'LockServer', 'Locking of servers.'),
  extension('os-multiple-create', 'MultipleCreate', 'Several new servers by one request.'),
  extension('os-pause-server', 'PauseServer', 'Pausing of servers.'),
  extension('os-quota-sets', 'Quotas', 'The quotas of projects.'),
  extension('os-rescue', 'Rescue', 'Rescuing of servers.'),
  extension('os-server-groups', 'ServerGroups', 'Groups of servers.'),
  extension('os-server-start-stop', 'ServerStartStop', 'Starting and stopping of servers.'),
  extension('os-shelve', 'Shelve', 'Shelving of servers.'),
  extension('os-suspend-server', 'SuspendServer', 'Suspending of servers.'),
  extension('os-used-limits', 'UsedLimits', 'The resources that a project uses.'),
  extension('os-user-data', 'UserData', 'Data that a new server reads.'),
  extension('os-volume-attachment-update', 'VolumeAttachmentUpdate', 'Swapping of volumes.'),
  extension('os-volumes', 'Volumes', 'Attaching and detaching of volumes.'),
];

function extension(alias: string, name: string, description: string): Extension {
  return { alias, name, description };
}
