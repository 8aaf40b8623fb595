import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { type DataSource, Not } from 'typeorm';
import { findFlavor } from '../flavors/flavors.js';
import { SimulatedServer } from '../servers/server.entity.js';
import type { Resource } from './quotas.js';

/** A project's use of its quotas; unused ones are left out. */
export type Usage = Partial<Record<Resource, number>>;

/** Adds up the use by a project's servers. */
@Injectable()
export class UsageService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async of(projectId: string): Promise<Usage> {
    const servers = await this.dataSource.getRepository(SimulatedServer).find({
      where: { projectId, vmState: Not('deleted' as const) },
      select: { id: true, data: true },
    });
    const flavors = servers.map(({ data }) => findFlavor(data.flavorId));
    return {
      instances: servers.length,
      cores: flavors.reduce((sum, flavor) => sum + (flavor?.vcpus ?? 0), 0),
      ram: flavors.reduce((sum, flavor) => sum + (flavor?.ram ?? 0), 0),
    };
  }
}
