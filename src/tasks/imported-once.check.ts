import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

/**
 * Two imports of `TasksModule.forRoot()` would be two modules: the later one's options would hold for all handlers, and
 * each would look after the open tasks. Nest says nothing of it.
 */
@Injectable()
export class ImportedOnceCheck implements OnModuleInit {
  constructor(private readonly discovery: DiscoveryService) {}

  /** @throws Error when the application has imported the module more than once */
  onModuleInit(): void {
    const here = this.discovery.getProviders().filter(({ metatype }) => metatype === ImportedOnceCheck);
    if (here.length > 1)
      throw new Error(
        `TasksModule is imported ${here.length} times. Import TasksModule.forRoot(…) once, in the application's module: it is ` +
          'there for all modules.',
      );
  }
}
