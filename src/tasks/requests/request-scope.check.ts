import { Injectable, type OnModuleInit, Scope } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { InstanceWrapper } from '@nestjs/core/injector/instance-wrapper.js';
import { TASKS_DATA_SOURCE } from '../tables/tasks-data-source.js';
import { TASKS_OPTIONS } from '../tasks.options.js';

/** The parts of the module that a host provides, by the names that the host knows. */
const PARTS = new Map<unknown, string>([
  [TASKS_OPTIONS, 'options depend'],
  [TASKS_DATA_SOURCE, 'data source depends'],
]);

/**
 * Refuses options that depend on a request. Nest makes such providers anew for each request, and starts none of them:
 * no sweep, no check of the database and no retention. This class depends on nothing of the host's, so it is always
 * there.
 */
@Injectable()
export class RequestScopeCheck implements OnModuleInit {
  constructor(private readonly discovery: DiscoveryService) {}

  /** @throws Error that names the path to the request-scoped provider */
  onModuleInit(): void {
    for (const provider of this.discovery.getProviders()) {
      const part = PARTS.get(provider.token);
      if (part === undefined || provider.isDependencyTreeStatic()) continue;
      throw new Error(
        `TasksModule's ${part} on the request, by way of ${wayToRequest(provider).join(', then ')}: it would not ` +
          'look after its tasks. Use values that are the same for all requests; `requester` gets the request.',
      );
    }
  }
}

/** The names of the providers from this one to the one that is made for each request. */
function wayToRequest(provider: InstanceWrapper): string[] {
  const names: string[] = [];
  let next: InstanceWrapper | undefined = provider;
  while (next !== undefined && next.scope !== Scope.REQUEST) {
    next = dependenciesOf(next).find((other) => !other.isDependencyTreeStatic());
    if (next !== undefined && !isOwn(next)) names.push(String(next.name));
  }
  return names.length > 0 ? names : ['a provider of that scope'];
}

/** Whether a provider is the module's own, or Nest's for its options: such names mean nothing to a host. */
function isOwn({ token }: InstanceWrapper): boolean {
  return typeof token === 'symbol';
}

/** Nest leaves a hole where a parameter is not injected. */
function dependenciesOf(provider: InstanceWrapper): InstanceWrapper[] {
  const parameters = provider.getCtorMetadata() as (InstanceWrapper | undefined)[];
  const properties = provider.getPropertiesMetadata() as { wrapper: InstanceWrapper }[];
  const all = [...(parameters ?? []), ...(properties ?? []).map(({ wrapper }) => wrapper)];
  return all.filter((wrapper) => wrapper !== undefined);
}
