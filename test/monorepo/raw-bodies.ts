import type { Deployment } from './support/deployment.js';
import type { ShopProcess } from './support/shop-process.js';

/** What `rawBody` of the host decides; it is the same on every database. */
export function describeRawBodies(given: () => Deployment): void {
  /** The second of two requests whose numbers are the same to a double. */
  const second = async (tag: string, shop?: ShopProcess) => {
    const body = (amount: string) => `{"name":"${tag}","amount":${amount}}`;
    const send = (amount: string) => given().post(given().app.ordinary, body(amount), { tag }, shop);
    expect((await send('9007199254740992')).status).toBe(201);
    return (await send('9007199254740993')).status;
  };
  const told = { on: 201, off: 409 };

  it('tells numbers apart that a double cannot, if the host keeps bodies as they came', async () => {
    const [asItIs, otherwise] = given().app.rawBody ? (['on', 'off'] as const) : (['off', 'on'] as const);
    expect(await second('as it is')).toBe(told[asItIs]);
    expect(await second('otherwise', await given().another(otherwise))).toBe(told[otherwise]);
  });
}
