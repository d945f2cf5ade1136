import type { Event } from '../../model/validate.ts'
import { regionIn } from '../region-place.ts'

type Place = NonNullable<Event['place']>

/** A site of SF and nothing else between the brackets. A number of five digits or a title makes it a person. */
const SITE =
  /^(?!.*[\d零〇一二三四五六七八九幺]{5})(?!.*(?:先生|女士|小姐|师傅))[\p{Unified_Ideograph}A-Za-z0-9（）()·-]{2,40}(?:营业部|营业点|速运点|站|(集散中心|中转场))$/u

/** A text that speaks of a person, or in which a phone stands, gives no place. */
const NAMES_A_PERSON =
  /[收派快][件派递]?员|[收派寄]件人|业务员|签收人|联系|先生|女士|小姐|师傅|电话|手机|1[3-9]\d{9}|0\d{2,3}-?\d{7}/

/** 快件在【…】完成分拣，准备发往【…】; 快件到达【…】 */
const HERE = /^[^【】]{0,20}(?<!发往 *)【([^【】]+)】/
const THERE = /发往 *【([^【】]+)】/

/**
 * Where a route node happened: a site named in the text of `opCode` 30 or 31, else a region that
 * `acceptAddress` names, else nothing.
 *
 * @example placeOf('31', '厦门', '快件到达【厦门样例营业点】') // { name: '厦门样例营业点', kind: 'outlet' }
 * @see formats/sf.md section 7
 */
export function placeOf(
  opCode: string,
  acceptAddress: string | undefined,
  remark: string | undefined,
): Place | undefined {
  const site = opCode === '30' || opCode === '31' ? siteIn(remark, HERE) : undefined
  return site ?? regionIn(acceptAddress)
}

/** Where a parcel that leaves with `opCode` 30 goes. */
export function nextOf(opCode: string, remark: string | undefined): Place | undefined {
  return opCode === '30' ? siteIn(remark, THERE) : undefined
}

function siteIn(remark: string | undefined, where: RegExp): Place | undefined {
  if (remark === undefined || NAMES_A_PERSON.test(remark)) return undefined
  const name = where.exec(remark)?.[1]?.trim() ?? ''
  const site = SITE.exec(name)
  if (site === null) return undefined
  return { name, kind: site[1] !== undefined ? 'hub' : name.endsWith('站') ? 'site' : 'outlet' }
}
