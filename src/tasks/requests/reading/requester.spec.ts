import { UnauthorizedException } from '@nestjs/common';
import type { Requester } from '../../tasks.options.js';
import { requesterOf } from './requester.js';

interface ShopRequest {
  user?: { company: string; name: string };
}

const GUARD = 'Does a guard of this handler find out who sends the request, before that?';

describe('the requester of a request without a guard', () => {
  const asked = async (requester: (request: ShopRequest) => Requester) => requesterOf({ requester }, {});

  it('that reads what no guard has set says what is missing', async () => {
    const requester = ({ user }: ShopRequest) => ({ projectId: user!.company, userId: user!.name });
    await expect(asked(requester)).rejects.toThrow(
      `TasksModule's requester failed: Cannot read properties of undefined (reading 'company'). ${GUARD}`,
    );
  });

  it('that returns nothing says what is missing', async () => {
    const requester = ({ user }: ShopRequest) => user as unknown as Requester;
    await expect(asked(requester)).rejects.toThrow(`TasksModule's requester returned nothing. ${GUARD}`);
  });

  it('may refuse the request itself', async () => {
    const refusal = new UnauthorizedException();
    const requester = () => {
      throw refusal;
    };
    await expect(asked(requester)).rejects.toBe(refusal);
  });
});
