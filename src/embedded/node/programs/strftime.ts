const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** A time as `date` formats it, in UTC. Containers have no other zone. */
export function strftime(format: string, ms: number): string {
  const date = new Date(ms)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = DAYS[date.getUTCDay()] ?? ''
  const month = MONTHS[date.getUTCMonth()] ?? ''
  const hours = date.getUTCHours()
  return format.replace(/%(-?)(.)/g, (whole, bare: string, letter: string) => {
    const shown = (() => {
      switch (letter) {
        case 'Y':
          return String(date.getUTCFullYear())
        case 'y':
          return two(date.getUTCFullYear() % 100)
        case 'm':
          return two(date.getUTCMonth() + 1)
        case 'd':
          return two(date.getUTCDate())
        case 'e':
          return String(date.getUTCDate()).padStart(2)
        case 'H':
          return two(hours)
        case 'I':
          return two(hours % 12 || 12)
        case 'M':
          return two(date.getUTCMinutes())
        case 'S':
          return two(date.getUTCSeconds())
        case 'p':
          return hours < 12 ? 'AM' : 'PM'
        case 'N':
          return String(Math.round((ms - Math.floor(ms / 1000) * 1000) * 1e6)).padStart(9, '0')
        case 's':
          return String(Math.floor(ms / 1000))
        case 'a':
          return day.slice(0, 3)
        case 'A':
          return day
        case 'b':
        case 'h':
          return month.slice(0, 3)
        case 'B':
          return month
        case 'j':
          return String(Math.floor((ms - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1).padStart(
            3,
            '0',
          )
        case 'u':
          return String(date.getUTCDay() || 7)
        case 'w':
          return String(date.getUTCDay())
        case 'Z':
          return 'UTC'
        case 'z':
          return '+0000'
        case 'n':
          return '\n'
        case 't':
          return '\t'
        case '%':
          return '%'
        case 'F':
          return strftime('%Y-%m-%d', ms)
        case 'T':
        case 'X':
          return strftime('%H:%M:%S', ms)
        case 'R':
          return strftime('%H:%M', ms)
        case 'D':
        case 'x':
          return strftime('%m/%d/%y', ms)
        case 'c':
          return strftime('%a %b %e %H:%M:%S %Y', ms)
        default:
          return whole
      }
    })()
    return bare === '-' ? shown.replace(/^[0 ]+(?=.)/, '') : shown
  })
}
