import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Gauge, Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { poolUse } from '../database/pool-use.js';

/** How busy the connections to the database are; there is nothing to tell of SQLite, which has one. */
@Injectable()
export class PoolMetrics {
  constructor(registry: Registry, @InjectDataSource() dataSource: DataSource) {
    if (poolUse(dataSource) === null) return;
    const registers = [registry];
    void new Gauge({
      name: 'tasktag_database_connections',
      help: 'Connections to the database, by state: used or idle.',
      labelNames: ['state'],
      registers,
      collect() {
        const use = poolUse(dataSource);
        this.set({ state: 'used' }, use?.used ?? 0);
        this.set({ state: 'idle' }, use?.idle ?? 0);
      },
    });
    void new Gauge({
      name: 'tasktag_database_connections_max',
      help: 'Connections to the database that there may be at once.',
      registers,
      collect() {
        this.set(poolUse(dataSource)?.limit ?? 0);
      },
    });
    void new Gauge({
      name: 'tasktag_database_waiting',
      help: 'Statements and transactions that wait for a connection to the database.',
      registers,
      collect() {
        this.set(poolUse(dataSource)?.waiting ?? 0);
      },
    });
  }
}
