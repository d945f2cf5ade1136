import contract from './contract.json' with { type: 'json' }
import { readContract } from './contract.ts'
import { createVmall } from './vmall.ts'

/** Huawei Mall (华为商城), by `contract.json`: assumed, not verified. */
export const vmall = createVmall(readContract(contract))
