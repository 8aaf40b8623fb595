import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { VmState } from '../../../compute/actions/server-action.js';
import { epochMilliseconds } from '../../../storage/columns.js';

/** A simulated server. Fields that lists search by have columns of their own, the rest is in `data`. */
@Entity('embedded_servers')
@Index('embedded_servers_by_project', ['projectId', 'createdAt', 'id'])
export class SimulatedServer {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Column({ name: 'project_id', type: 'varchar', length: 64 })
  projectId!: string;

  @Column({ name: 'user_id', type: 'varchar', length: 64 })
  userId!: string;

  @Column({ type: 'varchar', length: 255 })
  name!: string;

  @Column({ name: 'vm_state', type: 'varchar', length: 32 })
  vmState!: VmState;

  /** The operation in progress; NULL without one. */
  @Column({ name: 'task_state', type: 'varchar', length: 32, nullable: true })
  taskState!: string | null;

  @Column({ name: 'created_at', type: 'bigint', transformer: epochMilliseconds })
  createdAt!: number;

  @Column({ name: 'updated_at', type: 'bigint', transformer: epochMilliseconds })
  updatedAt!: number;

  @Column({ type: 'simple-json' })
  data!: ServerData;

  /** Counts the changes: each is a compare-and-set on it. */
  @Column({ type: 'int' })
  version!: number;
}

/** The ports that a server shows: as in Nova none until it has been built. */
export function portsOf({ vmState, data }: SimulatedServer): ServerPort[] {
  return vmState === 'building' ? [] : data.ports;
}

/** The security groups that a server shows: those of its ports. */
export function securityGroupsOf(server: SimulatedServer): string[] {
  return portsOf(server).length === 0 ? [] : server.data.securityGroups;
}

/** The fields that no list searches by. Neither the password nor the user data is kept. */
export interface ServerData {
  flavorId: string;
  imageRef: string;
  metadata: Record<string, string>;
  tags: string[];
  locked: boolean;
  description: string | null;
  keyName: string | null;
  availabilityZone: string;
  configDrive: boolean;
  diskConfig: 'AUTO' | 'MANUAL';
  accessIPv4: string;
  accessIPv6: string;
  securityGroups: string[];
  ports: ServerPort[];
  volumes: ServerVolume[];
  reservationId: string;
  launchIndex: number;
  powerState: number;
  launchedAt: number | null;
  terminatedAt: number | null;
  fault: ServerFault | null;
  /** While it is resized: the state that a revert restores. */
  resizedFrom: { flavorId: string; vmState: VmState; newFlavorId: string } | null;
}

export interface ServerPort {
  portId: string;
  networkId: string;
  networkName: string;
  subnetId: string;
  ip: string;
  mac: string;
}

export interface ServerVolume {
  volumeId: string;
  device: string;
  deleteOnTermination: boolean;
}

export interface ServerFault {
  code: number;
  message: string;
  created: number;
}
