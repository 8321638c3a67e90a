"""The enterprise file 一企一档: everything that is known of one enterprise, on one page.

``sections`` is the declared table of its parts, one a list of the API; ``head`` says who it is and what
stands open; ``judging`` and ``grid`` give the four states 达标、超标、未知、不适用 of outlet × pollutant ×
quarter, each with its why; ``exceedances`` lists the days beyond a limit with what the enterprise said of
them; ``timeline`` tells its life from assessment to exit 全生命周期; ``nearby`` what lies around; ``public``
what everybody may read.
"""
