import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ComputeService } from '../compute/compute.service.js';
import { TenantGuard } from '../identity/tenant.guard.js';

/** `TenantGuard` for showing a server, unless the compute service checks tokens itself. */
@Injectable()
export class ShowServerGuard implements CanActivate {
  constructor(
    private readonly compute: ComputeService,
    private readonly tenants: TenantGuard,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    return this.compute.judgesTokens || this.tenants.canActivate(context);
  }
}
