import { douyin } from './douyin/index.ts'
import type { Platform } from './platform.ts'

/** All platforms. Adding one is its folder and its name here. */
export const platforms: readonly Platform[] = [douyin]

/** The platform of a slug, if there is one. */
export function platformByName(name: string): Platform | undefined {
  return platforms.find(platform => platform.name === name)
}
