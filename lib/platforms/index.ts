import { douyin } from './douyin/index.ts'
import { kuaishou } from './kuaishou/index.ts'
import type { Platform } from './platform.ts'
import { standard } from './standard/index.ts'
import { vmall } from './vmall/index.ts'

/** All platforms. Adding one is its folder and its name here. */
export const platforms: readonly Platform[] = [douyin, kuaishou, standard, vmall]

/** The platform of a slug, if there is one. */
export function platformByName(name: string): Platform | undefined {
  return platforms.find(platform => platform.name === name)
}
