import { type CanActivate, type ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';

/** What the guard has found out. */
export interface ShopRequest {
  headers: Record<string, string | undefined>;
  tenant: string;
  user: string;
}

/** Finds the tenant and the user in headers that the gateway of the house has set. */
@Injectable()
export class TenantGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<ShopRequest>();
    const { 'x-tenant': tenant, 'x-user': user } = request.headers;
    if (!tenant || !user) throw new UnauthorizedException();
    Object.assign(request, { tenant, user });
    return true;
  }
}
