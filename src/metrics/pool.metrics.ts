import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Gauge, Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { poolUse } from '../database/pool-use.js';

/** The load on the database connections. SQLite has none of these metrics: it uses one connection. */
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
      help: 'The most connections to the database that may be open at once.',
      registers,
      collect() {
        this.set(poolUse(dataSource)?.limit ?? 0);
      },
    });
    void new Gauge({
      name: 'tasktag_database_waiting',
      help: 'Statements and transactions waiting for a connection to the database.',
      registers,
      collect() {
        this.set(poolUse(dataSource)?.waiting ?? 0);
      },
    });
  }
}
