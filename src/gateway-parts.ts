// What the settings COMPUTE=nova and IDENTITY=keystone add. `gatewayFor` imports it: a start without them does not read
// the gateway's code, nor undici and amqplib.
export { passOthers } from './gateway/gateway-hooks.js';
export { KeystoneIdentityModule } from './gateway/keystone/keystone-identity.module.js';
export { KeystoneCheck } from './gateway/keystone/keystone.check.js';
export { KeystoneSignInController } from './gateway/keystone/sign-in.controller.js';
export { NovaClockCheck } from './gateway/nova/clock/nova-clock.check.js';
export { NotificationsCheck } from './gateway/nova/notifications/notifications.check.js';
export { NovaComputeModule } from './gateway/nova/nova-compute.module.js';
export { NovaCheck } from './gateway/nova/nova.check.js';
export { PassThrough } from './gateway/nova/pass-through/pass-through.js';
export { VersionDocuments } from './gateway/version-documents.js';
