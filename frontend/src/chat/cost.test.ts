import { expect, it } from 'vitest';

import { cost } from './cost';

it('shows small prices with the digits that they need', () => {
  expect([1_250, 42_000, 3_456_000, 4].map(cost)).toEqual(['$0.00125', '$0.042', '$3.46', '$0.00000']);
});
